package dev.byol.examples;

import java.util.List;
import java.util.Optional;

/** Images beside what a network takes for alike, as a section of a page. */
final class NeighbourCards {
    private NeighbourCards() {}

    /** A section of cards; nothing where there are none. */
    static void section(StringBuilder out, String title, List<ReportPage.Neighbours> neighbours) {
        if (neighbours.isEmpty()) {
            return;
        }
        boolean known = neighbours.stream().anyMatch(n -> n.className().isPresent());
        Html.section(
                out,
                title,
                (known
                                ? "Test images on the left; on the right the images"
                                : "Images on the left; on the right the others")
                        + " whose representations have the largest cosine with theirs."
                        + (known
                                ? " A solid blue frame with a tick is the same class, a dashed orange one with a cross"
                                        + " another; the network was told neither."
                                : ""));
        out.append("<div class=\"neighbours\">\n");
        for (ReportPage.Neighbours row : neighbours) {
            out.append("<div class=\"card row\">");
            String name = row.className().map(Html::escape).orElse("image");
            Html.figure(out, "query", row.query(), known ? "test image: " + name : name, "<b>" + name + "</b>");
            out.append("<div class=\"hits\">");
            for (ReportPage.Neighbour hit : row.hits()) {
                neighbour(out, row.className(), hit);
            }
            out.append("</div></div>\n");
        }
        out.append("</div>\n</section>\n");
    }

    private static void neighbour(StringBuilder out, Optional<String> wanted, ReportPage.Neighbour hit) {
        String cosine = Html.fixed(hit.cosine(), 2);
        if (wanted.isEmpty() || hit.className().isEmpty()) {
            Html.figure(out, "", hit.picture(), "neighbour, cosine " + cosine, cosine);
            return;
        }
        String name = Html.escape(hit.className().get());
        boolean same = wanted.equals(hit.className());
        Html.figure(
                out,
                same ? "same" : "different",
                hit.picture(),
                (same ? "same class: " : "other class: ") + name,
                "<b>" + (same ? "&#10003; " : "&#10007; ") + name + "</b><br>" + cosine);
    }
}
