package dev.byol.examples;

import dev.byol.augment.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A contact sheet: what a recipe makes of images. Each image stands beside several draws of its views, with what was drawn
 * under each, and the part that each view shows outlined on the image. One file, which asks for nothing from outside.
 *
 * @param title of the recipe
 * @param about where the recipe comes from and what is in it
 * @param facts in the order to show them
 * @param groups the different views of the recipe
 * @param sheets one an image
 */
record ViewsPage(String title, String about, Map<String, String> facts, List<Group> groups, List<Sheet> sheets) {
    /** Where a number on an image may stand: corners first, then the middles of the sides; fractions of the outline. */
    private static final double[][] PLACES = {
        {0, 0}, {1, 0}, {1, 1}, {0, 1}, {0.5, 0}, {1, 0.5}, {0.5, 1}, {0, 0.5}, {0.25, 0}, {0.75, 0}, {1, 0.25},
        {1, 0.75}
    };

    /** Numbers nearer than this, in parts of the image, would hide each other. */
    private static final double APART = 0.1;

    private static final int COLOURS = 3;
    private static final int FEW_PIXELS = 160;

    /**
     * One of the recipe's views, which several of the views of an image may share.
     *
     * @param name such as "View 1"
     * @param view its recipe
     */
    record Group(String name, View view) {}

    /**
     * An image and its views.
     *
     * @param name of the image
     * @param about its class and size, such as {@code dog, 500×375}
     * @param original the image
     * @param shots draws by group
     */
    record Sheet(String name, String about, Picture original, List<List<Shot>> shots) {}

    /**
     * A view of an image.
     *
     * @param picture what came out
     * @param footprint the part of the image that it shows
     * @param drawn what was done, in its order
     */
    record Shot(Picture picture, Footprint footprint, List<String> drawn) {}

    ViewsPage {
        facts = new LinkedHashMap<>(facts);
        groups = List.copyOf(groups);
        sheets = List.copyOf(sheets);
    }

    String html() {
        StringBuilder out = new StringBuilder(1 << 20);
        header(out);
        sheets(out);
        recipe(out);
        out.append(
                "<footer>Written by byol-java. The draws are those of the first epochs of a training with this seed: what"
                        + " a view draws depends on seed, epoch, image and view alone.</footer>\n");
        return Html.page(Html.escape(title), out, "report.css", "views.css");
    }

    private void header(StringBuilder out) {
        out.append("<header>\n<p class=\"eyebrow\">Contact sheet of random views</p>\n<h1>")
                .append(Html.escape(title))
                .append("</h1>\n<p class=\"lede\">")
                .append(Html.escape(about))
                .append("</p>\n<dl class=\"facts\">\n");
        facts.forEach((name, value) -> out.append("<div><dt>")
                .append(Html.escape(name))
                .append("</dt><dd>")
                .append(Html.escape(value))
                .append("</dd></div>\n"));
        out.append("</dl>\n</header>\n");
    }

    private void sheets(StringBuilder out) {
        Html.section(
                out,
                "Images and their views",
                "On the left the image, with the part outlined that each view shows. Beside it the views, and under each what"
                        + " was done, in this order.");
        for (int i = 0; i < sheets.size(); i++) {
            Sheet sheet = sheets.get(i);
            out.append("<article class=\"card sheet\">\n<h3>")
                    .append(Html.escape(sheet.name))
                    .append(" <small>")
                    .append(Html.escape(sheet.about))
                    .append("</small></h3>\n");
            int number = 1;
            for (int g = 0; g < groups.size(); g++) {
                out.append("<div class=\"group\">\n");
                original(out, sheet, "image" + i, g, number);
                shots(out, sheet, g, number);
                out.append("</div>\n");
                number += sheet.shots.get(g).size();
            }
            out.append("</article>\n");
        }
        out.append("</section>\n");
    }

    /** The image, which stands in the page once whatever the number of groups, and the outlines of a group's views. */
    private void original(StringBuilder out, Sheet sheet, String id, int g, int first) {
        Picture picture = sheet.original;
        out.append("<figure class=\"original\">");
        if (groups.size() > 1) {
            out.append("<h4 class=\"c")
                    .append(g % COLOURS)
                    .append("\">")
                    .append(Html.escape(groups.get(g).name))
                    .append("</h4>");
        }
        out.append("<div class=\"frame")
                .append(crisp(picture))
                .append("\"><svg viewBox=\"0 0 ")
                .append(picture.width())
                .append(' ')
                .append(picture.height())
                .append("\" role=\"img\" aria-label=\"")
                .append(Html.escape(sheet.name))
                .append("\">");
        if (g == 0) {
            out.append("<image id=\"")
                    .append(id)
                    .append("\" width=\"")
                    .append(picture.width())
                    .append("\" height=\"")
                    .append(picture.height())
                    .append("\" href=\"")
                    .append(Png.dataUri(picture.rgb(), picture.height(), picture.width()))
                    .append("\"/>");
        } else {
            out.append("<use href=\"#").append(id).append("\"/>");
        }
        List<Footprint> footprints =
                sheet.shots.get(g).stream().map(Shot::footprint).toList();
        for (Footprint f : footprints) {
            outline(out, "halo", f, picture);
            outline(out, "c" + g % COLOURS, f, picture);
        }
        out.append("</svg>");
        List<double[]> places = places(footprints);
        for (int i = 0; i < places.size(); i++) {
            double[] at = places.get(i);
            badge(
                    out,
                    g,
                    first + i,
                    String.format(Locale.ROOT, " style=\"left:%.2f%%;top:%.2f%%\"", 100 * at[0], 100 * at[1]));
        }
        out.append("</div></figure>\n");
    }

    private static void outline(StringBuilder out, String style, Footprint f, Picture picture) {
        out.append(String.format(
                Locale.ROOT,
                "<rect class=\"%s\" x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\"/>",
                style,
                picture.width() * f.left(),
                picture.height() * f.top(),
                picture.width() * f.width(),
                picture.height() * f.height()));
    }

    private static void shots(StringBuilder out, Sheet sheet, int g, int first) {
        List<Shot> shots = sheet.shots.get(g);
        out.append("<div class=\"shots\">\n");
        for (int i = 0; i < shots.size(); i++) {
            Shot shot = shots.get(i);
            out.append("<figure class=\"shot").append(crisp(shot.picture)).append("\">");
            Html.image(out, shot.picture, "view " + (first + i) + " of " + Html.escape(sheet.name));
            out.append("<figcaption>");
            badge(out, g, first + i, "");
            for (int k = 0; k < shot.drawn.size(); k++) {
                out.append(" <span>")
                        .append(Html.escape(shot.drawn.get(k)))
                        .append(k < shot.drawn.size() - 1 ? " ·</span>" : "</span>");
            }
            out.append("</figcaption></figure>\n");
        }
        out.append("</div>\n");
    }

    /** A picture with so few pixels that each is to be seen. */
    private static String crisp(Picture picture) {
        return Math.max(picture.width(), picture.height()) < FEW_PIXELS ? " crisp" : "";
    }

    /** Where the numbers of outlines stand: on the outlines, and away from each other. */
    private static List<double[]> places(List<Footprint> footprints) {
        List<double[]> taken = new ArrayList<>();
        for (Footprint f : footprints) {
            double[] best = {};
            double farthest = -1;
            for (double[] place : PLACES) {
                double[] at = {f.left() + f.width() * place[0], f.top() + f.height() * place[1]};
                double distance = taken.stream()
                        .mapToDouble(other -> Math.hypot(at[0] - other[0], at[1] - other[1]))
                        .reduce(APART, Math::min);
                if (distance > farthest) { // the first of those that are far enough from all others
                    best = at;
                    farthest = distance;
                }
            }
            taken.add(best);
        }
        return taken;
    }

    private static void badge(StringBuilder out, int group, int number, String style) {
        out.append("<b class=\"badge c")
                .append(group % COLOURS)
                .append('"')
                .append(style)
                .append('>')
                .append(number)
                .append("</b>");
    }

    private void recipe(StringBuilder out) {
        Html.section(
                out,
                "The recipe",
                "What is drawn, how often and from what range, in the order in which it is applied. The text below rebuilds the"
                        + " recipe: <code>View.parse(text)</code>.");
        out.append("<div class=\"grid\">\n");
        for (int g = 0; g < groups.size(); g++) {
            Group group = groups.get(g);
            out.append("<div class=\"card\"><h3 class=\"c")
                    .append(g % COLOURS)
                    .append("\">")
                    .append(Html.escape(group.name))
                    .append("</h3><table class=\"steps\">\n");
            for (ViewText.Step step : ViewText.steps(group.view.augmentations())) {
                out.append("<tr><th scope=\"row\">")
                        .append(Html.escape(step.what()))
                        .append("</th><td class=\"often\">")
                        .append(step.probability() == 1 ? "always" : ViewText.percent(step.probability()))
                        .append("</td><td>")
                        .append(Html.escape(step.range()))
                        .append("</td></tr>\n");
            }
            out.append("</table><pre>")
                    .append(Html.escape(group.view.toString()))
                    .append("</pre></div>\n");
        }
        out.append("</div>\n</section>\n");
    }
}
