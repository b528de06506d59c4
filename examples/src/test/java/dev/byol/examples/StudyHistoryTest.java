package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyHistoryTest {
    @TempDir
    private Path folder;

    private static StudyHistory history(int steps, int batches) {
        StudyHistory history = new StudyHistory();
        history.accuracies().add(new StudyHistory.Accuracy(0, 10.1));
        for (int i = 0; i < steps; i++) {
            history.steps()
                    .add(new StudyHistory.Step(
                            i,
                            (double) i / batches,
                            1.0 / (i + 3),
                            0.1 * i,
                            Math.PI,
                            List.of(1.5, Double.NaN, 0.1, 1e-7)));
            int epoch = (i + 1) / batches;
            if ((i + 1) % batches == 0) {
                history.accuracies().add(new StudyHistory.Accuracy(epoch, 100.0 / (i + 2)));
            }
        }
        return history;
    }

    @Test
    void read_givesWhatWasWritten() throws IOException {
        StudyHistory history = history(7, 3);
        history.write(folder);

        assertThat(StudyHistory.read(folder)).isEqualTo(history);
    }

    @Test
    void until_isWhatWasThereThen() {
        assertThat(history(9, 3).until(6, 2)).isEqualTo(history(6, 3));
        assertThat(history(9, 3).until(0, 0)).isEqualTo(history(0, 3));
    }

    @Test
    void rate_byName() {
        StudyHistory.Step step = history(1, 1).steps().get(0);
        assertThat(StudyHistory.rate(step, "layer1")).isEqualTo(1.5);
        assertThat(StudyHistory.rate(step, "predictor")).isEqualTo(1e-7);
    }

    @Test
    void read_damaged_saysWhere() throws IOException {
        history(2, 1).write(folder);
        Path file = folder.resolve("steps.csv");
        Files.writeString(file, Files.readString(file) + "7,8\n");

        assertThatThrownBy(() -> StudyHistory.read(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("steps.csv, line 4: found 2 columns, expected 9");
    }

    @Test
    void points_areMeansOfStretches() {
        StudyHistory history = history(480, 48);
        List<Plot.Point> points = StudyFigure.points(history, StudyFigure.Quantity.POSITIVE);

        assertThat(points).hasSize(160);
        assertThat(points.get(0).y()).isCloseTo(0.1, org.assertj.core.data.Offset.offset(1e-12)); // of 0, 0.1, 0.2
        assertThat(StudyFigure.points(history, StudyFigure.Quantity.ACCURACY)).hasSize(11);
    }
}
