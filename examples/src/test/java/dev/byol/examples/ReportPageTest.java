package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.eval.CollapseEvent;
import dev.byol.eval.CollapseEvidence;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReportPageTest {
    private static final Picture PICTURE = Picture.square(new byte[3], 1);

    @Test
    void html_everything_asksForNothingOutside() {
        String html = page(0.25, ReportTest.MEASURED, Optional.of("disc")).html();
        assertThat(html)
                .doesNotContain("http:", "https:", "//www", "<script", "<link rel=\"stylesheet\"", "@import", "url(");
        assertThat(Pattern.compile("(?:src|href)=\"(?!data:)").matcher(html).find())
                .isFalse();
        assertThat(html)
                .contains(
                        "71.2&nbsp;%", "30.0&nbsp;%", "+41.2 points", "+35.2 points", "<svg ", "prefers-color-scheme");
    }

    @Test
    void html_namesFromOutside_areEscaped() {
        Report bad = new Report(
                "<m>",
                1,
                1,
                0,
                0,
                0,
                new Report.NotMeasured("<r>"),
                List.of("<x>"),
                List.of(),
                false,
                1,
                1,
                Map.of("<k>", "\"<v>\""),
                Map.of("<n>", "<w>'&"));
        String html = new ReportPage(
                        bad,
                        List.of(),
                        List.of(),
                        List.of(new ReportPage.Neighbours(
                                PICTURE,
                                Optional.of("<q>"),
                                List.of(new ReportPage.Neighbour(PICTURE, Optional.of("\"<c>"), 0)))))
                .html();
        assertThat(html)
                .doesNotContain("<m>", "<r>", "<x>", "<k>", "<v>", "<n>", "<w>", "<q>", "<c>")
                .contains("&lt;m&gt;", "&lt;r&gt;", "&quot;&lt;v&gt;&quot;", "&#39;&amp;", "&quot;&lt;c&gt;");
    }

    @Test
    void html_notMeasured_saysWhy() {
        String html = page(0.25, new Report.NotMeasured("the images have no labels."), Optional.empty())
                .html();
        assertThat(html).contains("not measured: the images have no labels.").doesNotContain("untrained</span>");
    }

    @Test
    void html_collapsed_saysSo() {
        assertThat(page(0.995, ReportTest.MEASURED, Optional.empty()).html()).contains("has collapsed", "0.9950");
        assertThat(page(0.98, ReportTest.MEASURED, Optional.empty()).html()).doesNotContain("has collapsed");
    }

    @Test
    void html_events_areToldAndMarked() {
        assertThat(page(0.98, ReportTest.MEASURED, Optional.empty()).html())
                .doesNotContain("collapse watch told", "path class=\"mark\"");
        CollapseEvent event =
                new CollapseEvent.FullCollapse(CollapseEvidence.at(29, 0.01).cosines(1, 0.999), 10);
        ReportPage page = page(0.98, ReportTest.MEASURED, Optional.empty());
        String html = new ReportPage(
                        ReportTest.report(0.98, ReportTest.MEASURED, event), page.rows(), List.of(), List.of())
                .html();
        assertThat(html)
                .contains(
                        "collapse watch told",
                        Html.escape(event.toString()),
                        "<path class=\"mark\" d=\"M1000.0 0V400\"/>");
        assertThat(html.split("class=\"mark\"", -1))
                .as("loss, cosines, deviation, effective rank")
                .hasSize(1 + 4);
    }

    @Test
    void html_sameAndOtherClass_differInMoreThanColour() {
        String html = page(0, ReportTest.MEASURED, Optional.of("disc")).html();
        assertThat(html)
                .contains("figure class=\"same\"", "&#10003; disc", "figure class=\"different\"", "&#10007; star");
        assertThat(page(0, ReportTest.MEASURED, Optional.empty()).html())
                .doesNotContain("figure class=\"same\"", "figure class=\"different\"");
    }

    @Test
    void html_nothingToShow_leavesSectionsOut() {
        String html = new ReportPage(ReportTest.report(0, ReportTest.MEASURED), List.of(), List.of(), List.of()).html();
        assertThat(html).doesNotContain("What the network saw", "Nearest neighbours</h2>", "<h2>Training", "NaN");
    }

    /** Tags close in order: read as XML once entities and void elements are out of the way. */
    @Test
    void html_isWellFormed() throws Exception {
        String html = page(0.995, ReportTest.MEASURED, Optional.of("disc")).html();
        String xml = html.replace("<!DOCTYPE html>", "")
                .replaceAll("<(meta|link|img|br)([^>]*)>", "<$1$2/>")
                .replaceAll("&(nbsp|middot);", " ");
        javax.xml.parsers.DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new org.xml.sax.InputSource(new StringReader(xml)));
    }

    private static ReportPage page(double negativeCosine, Report.Accuracy accuracy, Optional<String> name) {
        List<MetricsCsv.Row> rows = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            rows.add(new MetricsCsv.Row(i, i / 10, 4f / (i + 1), 0.5f, -0.1f, 0.8f, 0.1, 0.99, OptionalDouble.of(12)));
        }
        return new ReportPage(
                ReportTest.report(negativeCosine, accuracy),
                rows,
                List.of(new ReportPage.ViewPair(PICTURE, PICTURE, PICTURE)),
                List.of(new ReportPage.Neighbours(
                        PICTURE,
                        name,
                        List.of(
                                new ReportPage.Neighbour(PICTURE, name, 0.9),
                                new ReportPage.Neighbour(PICTURE, name.map(n -> "star"), 0.8)))));
    }
}
