package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class PlotTest {
    private static Plot plot(boolean logarithmic, Plot.Point... points) {
        return new Plot(
                "A < B", "epoch", "loss", logarithmic, List.of(Plot.Series.line("one & only", List.of(points))));
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    @Test
    void svg_isAWholeFile_withItsTexts() throws Exception {
        Document svg =
                parse(plot(false, new Plot.Point(0, 1), new Plot.Point(10, 3)).svg());

        assertThat(svg.getDocumentElement().getTagName()).isEqualTo("svg");
        assertThat(svg.getDocumentElement().getTextContent())
                .contains("A < B", "epoch", "loss", "one & only", "0", "10");
    }

    @Test
    void svg_logarithmic_marksDecades_andLeavesOutWhatHasNoLogarithm() throws Exception {
        String svg = plot(true, new Plot.Point(0, 1e-6), new Plot.Point(1, 0), new Plot.Point(2, 0.5))
                .svg();

        assertThat(parse(svg).getDocumentElement().getTextContent()).contains("10\u22126", "100");
        assertThat(curve(svg)).matches("M[0-9. ]+L[0-9. ]+");
    }

    @Test
    void svg_onePoint_orNone_hasAxesAllTheSame() throws Exception {
        assertThat(parse(plot(false, new Plot.Point(3, 3)).svg())
                        .getElementsByTagName("path")
                        .getLength())
                .isPositive();
        assertThat(parse(plot(false).svg()).getElementsByTagName("path").getLength())
                .isPositive();
        assertThat(parse(plot(true).svg()).getElementsByTagName("path").getLength())
                .isPositive();
    }

    @Test
    void svg_notANumber_isLeftOut() {
        assertThat(curve(plot(false, new Plot.Point(0, 1), new Plot.Point(1, Double.NaN), new Plot.Point(2, 2))
                        .svg()))
                .doesNotContain("NaN")
                .matches("M[0-9. ]+L[0-9. ]+");
    }

    @Test
    void svg_higherValuesAreFurtherUp() {
        String[] points = curve(
                        plot(false, new Plot.Point(0, 1), new Plot.Point(1, 2)).svg())
                .substring(1)
                .split("L", -1);
        assertThat(Double.parseDouble(points[1].split(" ", -1)[1]))
                .isLessThan(Double.parseDouble(points[0].split(" ", -1)[1]));
        assertThat(Double.parseDouble(points[1].split(" ", -1)[0]))
                .isGreaterThan(Double.parseDouble(points[0].split(" ", -1)[0]));
    }

    private static String curve(String svg) {
        int at = svg.indexOf(" d=\"", svg.indexOf("class=\"curve c0\"")) + 4;
        return svg.substring(at, svg.indexOf('"', at));
    }
}
