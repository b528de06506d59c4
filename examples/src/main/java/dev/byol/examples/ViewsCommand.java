package dev.byol.examples;

import dev.byol.augment.Canvas;
import dev.byol.augment.CounterRandom;
import dev.byol.augment.Image;
import dev.byol.augment.Operation;
import dev.byol.augment.View;
import dev.byol.augment.io.ImageSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What does a recipe do to my images? A page to look at, before a night of training. */
@Command(
        name = "views",
        description = "Writes a page of images beside random views of them, with what was drawn for each.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ViewsCommand implements Callable<Integer> {
    private static final int LARGEST_PICTURE = 480;
    private static final int LARGEST_VIEW = 320;
    private static final int MOST_IMAGES = 500;
    private static final int MOST_DRAWS = 100;

    @Option(
            names = "--data",
            paramLabel = "DATA",
            description = "Where the images are from: " + Data.KINDS + " (${DEFAULT-VALUE}).")
    private String data = "shapes";

    @Option(
            names = "--preset",
            converter = Preset.Converter.class,
            description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    private Preset preset = Preset.BYOL;

    @Option(
            names = "--crop",
            paramLabel = "N",
            description = "Side of a (large) view in pixels; that of the data, or the preset's own.")
    private @Nullable Integer crop;

    @Option(names = "--out", paramLabel = "FILE", description = "The page (${DEFAULT-VALUE}).")
    private Path page = Path.of("out", "views.html");

    @Option(names = "--images", paramLabel = "N", description = "How many images (${DEFAULT-VALUE}).")
    private int images = 6;

    @Option(names = "--draws", paramLabel = "N", description = "Draws of each different view (${DEFAULT-VALUE}).")
    private int draws = 4;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of the choice of images and all draws (${DEFAULT-VALUE}).")
    private long seed = 1;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        between("--images", images, MOST_IMAGES);
        between("--draws", draws, MOST_DRAWS);
        OutputFile file = OutputFile.open("--out", page);
        Data opened = Data.open(data, seed, out::println);
        ImageSource source = opened.unlabelled();
        List<View> views = preset.views(side(opened.side()));
        List<Slots> slots = slots(views);
        List<ViewsPage.Sheet> sheets = new ArrayList<>();
        int unreadable = 0;
        int[] order = order(source.size());
        for (int i = 0; i < order.length && sheets.size() < images; i++) {
            try {
                sheets.add(sheet(source, order[i], slots));
            } catch (IOException e) {
                unreadable++;
                out.println("skipped: " + e.getMessage());
            }
        }
        if (sheets.isEmpty()) {
            throw new BadInput("none of the " + source.size() + " images of " + source.description() + " can be read");
        }
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Data", data);
        facts.put("Images", sheets.size() + " of " + source.size());
        facts.put("Views of an image", Integer.toString(views.size()));
        facts.put("Draws shown", Integer.toString(draws));
        facts.put("Seed", Long.toString(seed));
        if (unreadable > 0) {
            facts.put("Unreadable", Integer.toString(unreadable));
        }
        List<ViewsPage.Group> groups = slots.stream()
                .map(slot -> new ViewsPage.Group(slot.name(), slot.view))
                .toList();
        file.write(new ViewsPage(preset.title(), preset.about(), facts, groups, sheets).html());
        slots.forEach(slot -> out.println(slot.name() + ": " + slot.view));
        out.println("wrote " + page);
        out.flush();
        return 0;
    }

    private static void between(String option, int value, int most) {
        if (value < 1 || value > most) {
            throw new BadInput(option + " must be in [1, " + most + "], got " + value);
        }
    }

    private int side(OptionalInt ofData) {
        int side = crop == null ? ofData.orElse(preset.side()) : crop;
        if (side < 1 || side > 4096) {
            throw new BadInput("--crop must be in [1, 4096], got " + side);
        }
        return side;
    }

    /**
     * The places among the views of an image that share a recipe.
     *
     * @param indices from 0, in ascending order
     */
    private record Slots(View view, List<Integer> indices, int all) {
        /** Whether draws differ at all. */
        boolean isRandom() {
            return !view.augmentations().stream().allMatch(Operation.class::isInstance);
        }

        String name() {
            int first = indices.get(0) + 1;
            int last = indices.get(indices.size() - 1) + 1;
            if (indices.size() == all) {
                return all == 1 ? "The view" : all == 2 ? "Both views" : "All views";
            }
            return first == last ? "View " + first : "Views " + first + " to " + last;
        }
    }

    private static List<Slots> slots(List<View> views) {
        Map<View, List<Integer>> places = new LinkedHashMap<>();
        for (int v = 0; v < views.size(); v++) {
            places.computeIfAbsent(views.get(v), key -> new ArrayList<>()).add(v);
        }
        return places.entrySet().stream()
                .map(e -> new Slots(e.getKey(), List.copyOf(e.getValue()), views.size()))
                .toList();
    }

    /** All images in random order: a labelled folder begins with many of one class. */
    private int[] order(int size) {
        int[] order = new int[size];
        CounterRandom random = CounterRandom.of(seed, -1, -1, -1);
        for (int i = 0; i < size; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private ViewsPage.Sheet sheet(ImageSource source, int index, List<Slots> slots) throws IOException {
        Image image = source.image(index);
        if (image.channels() != 3) {
            throw new BadInput(source.name(index) + " has " + image.channels() + " channels, expected 3");
        }
        List<List<ViewsPage.Shot>> shots = new ArrayList<>();
        for (Slots slot : slots) {
            List<ViewsPage.Shot> ofSlot = new ArrayList<>();
            for (int d = 0; d < (slot.isRandom() ? draws : 1); d++) {
                int v = slot.indices.get(d % slot.indices.size());
                int epoch = d / slot.indices.size();
                ofSlot.add(shot(image, slot.view, CounterRandom.of(seed, epoch, index, v)));
            }
            shots.add(ofSlot);
        }
        String size = ViewText.size(image.size());
        int label = source.label(index);
        List<String> classes = source.classNames();
        return new ViewsPage.Sheet(
                shortName(source, index),
                label >= 0 && label < classes.size() ? classes.get(label) + ", " + size : size,
                Pictures.of(image, LARGEST_PICTURE),
                shots);
    }

    /** A file's name without its folders, and the number of an image that has no file of its own. */
    private static String shortName(ImageSource source, int index) {
        String name = source.name(index);
        return name.startsWith("image " + index + " of ")
                ? "image " + index
                : name.substring(1 + Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')));
    }

    private static ViewsPage.Shot shot(Image image, View view, CounterRandom random) {
        List<Operation> drawn = view.draw(random, image);
        Canvas canvas = new Canvas();
        canvas.load(image);
        drawn.forEach(operation -> operation.apply(canvas));
        return new ViewsPage.Shot(
                Pictures.of(canvas.image(), LARGEST_VIEW), Footprint.of(drawn, image.size()), ViewText.drawn(drawn));
    }
}
