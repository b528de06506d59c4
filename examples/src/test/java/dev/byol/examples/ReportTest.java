package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.byol.eval.CollapseEvent;
import dev.byol.eval.CollapseEvidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    static final Report.Accuracy MEASURED = new Report.Measured(71.2345, 30, 68.5, 100 / 3.0);

    @TempDir
    Path folder;

    static Report report(double negativeCosine, Report.Accuracy accuracy, CollapseEvent... events) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("zeta", 0.99);
        config.put("alpha", "a<b");
        return new Report(
                "byol",
                7,
                1234,
                0.5,
                0.8,
                negativeCosine,
                accuracy,
                List.of(),
                List.of(events),
                events.length > 1,
                411.25,
                200.04,
                config,
                Map.of("java", "17"));
    }

    @Test
    void json_events_areStepsKindsAndSentences() throws IOException {
        CollapseEvidence evidence = CollapseEvidence.at(300, 0.01).cosines(1, 0.999);
        CollapseEvent collapse = new CollapseEvent.FullCollapse(evidence, 281);
        CollapseEvent over =
                new CollapseEvent.Recovering(CollapseEvidence.at(350, 0.5).cosines(0.9, 0.5), collapse, 331, 0.001);
        Map<String, Object> read =
                JSON.std.mapFrom(report(0.25, MEASURED, collapse, over).json());
        assertThat(read)
                .containsEntry("stopped", true)
                .containsEntry(
                        "events",
                        List.of(
                                Map.of("step", 300, "kind", "full collapse", "text", collapse.toString()),
                                Map.of("step", 350, "kind", "recovering", "text", over.toString())));
    }

    @Test
    void json_hasExactlyTheKeys_inOrder() throws IOException {
        report(0.25, MEASURED).write(folder.resolve("report.json"));
        Map<String, Object> read = JSON.std.mapFrom(Files.readString(folder.resolve("report.json")));
        assertThat(read.keySet())
                .containsExactly(
                        "method",
                        "seed",
                        "steps",
                        "loss",
                        "positiveCosine",
                        "negativeCosine",
                        "linearTop1",
                        "randomInitLinearTop1",
                        "knnTop1",
                        "randomInitKnnTop1",
                        "imagesPerSecond",
                        "secondsTotal",
                        "config",
                        "versions",
                        "returns",
                        "events",
                        "stopped");
        assertThat(read)
                .containsEntry("method", "byol")
                .containsEntry("seed", 7)
                .containsEntry("steps", 1234)
                .containsEntry("linearTop1", 71.23)
                .containsEntry("randomInitLinearTop1", 30.0)
                .containsEntry("randomInitKnnTop1", 33.33)
                .containsEntry("secondsTotal", 200.0);
        assertThat(((Map<?, ?>) read.get("config")).toString()).isEqualTo("{zeta=0.99, alpha=a<b}");
    }

    @Test
    void json_notMeasured_keysAreThereAndNull() throws IOException {
        Map<String, Object> read = JSON.std.mapFrom(
                report(0.25, new Report.NotMeasured("no labels")).json());
        assertThat(read)
                .hasSize(17)
                .containsEntry("linearTop1", null)
                .containsEntry("randomInitLinearTop1", null)
                .containsEntry("knnTop1", null)
                .containsEntry("randomInitKnnTop1", null);
    }

    @Test
    void collapsed_aboveTheBorder() {
        assertThat(report(0.99, MEASURED).collapsed()).isFalse();
        assertThat(report(0.9901, MEASURED).collapsed()).isTrue();
    }

    @Test
    void numbers_thatAreNone_areNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> report(Double.NaN, MEASURED))
                .withMessage("negativeCosine must be finite, got NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Report.Measured(101, 0, 0, 0))
                .withMessage("linearTop1 must be in [0, 100] percent, got 101.0");
    }
}
