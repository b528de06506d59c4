package dev.byol.examples;

import dev.byol.augment.Canvas;
import dev.byol.augment.CounterRandom;
import dev.byol.augment.DrawTable;
import dev.byol.augment.Image;
import dev.byol.augment.Operation;
import dev.byol.augment.TableLayout;
import dev.byol.augment.View;
import dev.byol.tf.view.SourceBatch;
import dev.byol.tf.view.ViewDraws;
import dev.byol.tf.view.ViewGraph;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TUint8;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How long a batch of views takes in a graph on TensorFlow's device, in turn with byol-augment's on one thread, and how far they are apart. */
@Command(
        name = "views-bench",
        description = "Times views made in a graph, in turn with those of one loader thread, and compares them.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ViewsBench implements Callable<Integer> {
    @Option(names = "--preset", converter = Preset.Converter.class, description = "The recipe (${DEFAULT-VALUE}).")
    private Preset preset = Preset.APPENDIX;

    @Option(names = "--side", paramLabel = "N", description = "Side of images and views (${DEFAULT-VALUE}).")
    private int side = 96;

    @Option(names = "--batch", paramLabel = "N", description = "Images (${DEFAULT-VALUE}).")
    private int batch = 64;

    @Option(names = "--rounds", paramLabel = "N", description = "Timed rounds of each (${DEFAULT-VALUE}).")
    private int rounds = 20;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Milliseconds on the clock, and of all processors. */
    private record Time(double wall, double cpu) {
        static Time of(Runnable work) {
            long cpu = Benchmark.cpuNanos();
            long start = System.nanoTime();
            work.run();
            return new Time((System.nanoTime() - start) / 1e6, (Benchmark.cpuNanos() - cpu) / 1e6);
        }
    }

    @Override
    public Integer call() {
        Benchmark.atLeastOne("--side", side);
        Benchmark.atLeastOne("--batch", batch);
        Benchmark.atLeastOne("--rounds", rounds);
        View view = preset.views(side).get(0);
        byte[] pixels = Benchmark.noise(1, batch, side);
        byte[] made = new byte[batch * 3 * view.side() * view.side()];
        byte[] expected = new byte[made.length];
        List<Time> inGraph = new ArrayList<>();
        List<Time> onThread = new ArrayList<>();
        try (Views views = new Views(view)) {
            for (int round = -3; round < rounds; round++) {
                long epoch = round;
                Time graph = Time.of(() -> views.make(pixels, epoch, made));
                Time thread = Time.of(() -> render(view, pixels, epoch, expected));
                if (round >= 0) { // the first ones warm up
                    inGraph.add(graph);
                    onThread.add(thread);
                }
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%d views of %s, %dx%d pixels%n", batch, preset, side, side);
        print(out, "in the graph", inGraph);
        print(out, "one loader thread", onThread);
        out.printf("%d of %d values differ in the last round%n", differences(made, expected), made.length);
        out.flush();
        return 0;
    }

    private static void print(PrintWriter out, String what, List<Time> times) {
        out.printf(
                Locale.ROOT,
                "%-18s %8.2f ms (median), %8.2f CPU-ms (mean)%n",
                what,
                times.stream().mapToDouble(Time::wall).sorted().toArray()[times.size() / 2],
                times.stream().mapToDouble(Time::cpu).average().orElseThrow());
    }

    private static long differences(byte[] a, byte[] b) {
        long count = 0;
        for (int i = 0; i < a.length; i++) {
            count += a[i] == b[i] ? 0 : 1;
        }
        return count;
    }

    private Image image(byte[] pixels, int index) {
        int size = 3 * side * side;
        return new Image(side, side, 3, Arrays.copyOfRange(pixels, index * size, (index + 1) * size));
    }

    private static List<Operation> drawn(View view, Image image, long epoch, int index) {
        return view.draw(CounterRandom.of(1, epoch, index, 0), image);
    }

    private void render(View view, byte[] pixels, long epoch, byte[] out) {
        Canvas canvas = new Canvas();
        for (int i = 0; i < batch; i++) {
            Image image = image(pixels, i);
            canvas.render(image, drawn(view, image, epoch, i), out, i * 3 * view.side() * view.side());
        }
    }

    /** A graph of views alone. */
    private final class Views implements AutoCloseable {
        private final View view;
        private final TableLayout layout;
        private final Graph graph = new Graph();
        private final Placeholder<TUint8> images;
        private final ViewGraph views;
        private final Operand<TUint8> made;
        private final Session session;

        Views(View view) {
            this.view = view;
            layout = TableLayout.of(view);
            Ops tf = Ops.create(graph);
            images = tf.placeholder(TUint8.class, Placeholder.shape(Shape.of(-1, -1, -1, 3)));
            views = new ViewGraph(
                    tf,
                    ViewGraph.planes(tf, images),
                    GraphViews.recipes(List.of(view)).get(0));
            made = tf.dtypes.cast(views.views(), TUint8.class);
            session = new Session(graph);
        }

        /** Draws, and feeds and runs the graph. */
        void make(byte[] pixels, long epoch, byte[] out) {
            DrawTable table = layout.table(batch);
            for (int i = 0; i < batch; i++) {
                Image image = image(pixels, i);
                table.write(drawn(view, image, epoch, i), image.size(), i);
            }
            run(new SourceBatch(pixels, side, side, List.of(GraphViews.of(table))), out);
        }

        private void run(SourceBatch batch, byte[] out) {
            ViewDraws draws = batch.draws().get(0);
            List<Tensor> own = new ArrayList<>();
            try (TUint8 fed = TUint8.tensorOf(Shape.of(batch.size(), batch.height(), batch.width(), 3))) {
                fed.asRawTensor().data().write(batch.images());
                Session.Runner runner = session.runner().feed(images, fed).fetch(made);
                views.feed(draws, 0, batch.size(), (operand, tensor) -> {
                    own.add(tensor);
                    runner.feed(operand, tensor);
                });
                try (Result result = runner.run()) {
                    result.get(0).asRawTensor().data().read(out);
                }
            } finally {
                own.forEach(Tensor::close);
            }
        }

        @Override
        public void close() {
            session.close();
            graph.close();
        }
    }
}
