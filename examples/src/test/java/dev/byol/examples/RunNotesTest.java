package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.byol.api.method.SimSiam;
import dev.byol.api.nn.Linear;
import dev.byol.api.nn.Mlp;
import dev.byol.api.nn.Norm;
import dev.byol.optim.Schedules;
import dev.byol.optim.Sgd;
import dev.byol.tf.Checkpoint;
import dev.byol.tf.ImageFormat;
import dev.byol.tf.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunNotesTest {
    @TempDir
    private Path temp;

    private Checkpoint saved(Map<String, String> notes) throws IOException {
        Path file = temp.resolve("checkpoint");
        Mlp mlp = new Mlp(1, 4, 4, Norm.none());
        try (Trainer trainer = Trainer.builder()
                .method(new SimSiam(
                        (branch, x) -> branch.apply("linear", new Linear(4, true), x.globalAveragePool()), mlp, mlp))
                .optimizer(Sgd.builder().learningRate(Schedules.constant(0.1)).build())
                .images(ImageFormat.rgb(4))
                .batch(2)
                .build()) {
            trainer.save(file, notes);
        }
        return Checkpoint.read(file);
    }

    @Test
    void notes_comeBackAsTheyWere() throws IOException {
        RunNotes notes = new RunNotes(
                3,
                8,
                1.5,
                2.5,
                new TreeSet<>(List.of(1, 7)),
                List.of("Went back,\nfor \"a reason\".", "", "And again."),
                Optional.of(new Evaluation(10, 20, 5)));
        assertThat(RunNotes.of(saved(notes.text()))).isEqualTo(notes);
        RunNotes start = RunNotes.start(Optional.empty());
        assertThat(RunNotes.of(saved(start.text()))).isEqualTo(start);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            returns | Went back. | a list of sentences
            returns | [1] | a list of sentences
            returns | [null] | a list of sentences
            returns | null | a list of sentences
            returns | {} | a list of sentences
            position | -5 | a number from 0 on
            training seconds | -0.5 | a number from 0 on
            unreadable | 3 -1 | a number from 0 on
            epoch | one | a number from 0 on
            """)
    void notes_ofAnotherProgram_areRefusedByName(String note, String found, String expected) throws IOException {
        Map<String, String> notes =
                new HashMap<>(RunNotes.start(Optional.empty()).text());
        notes.put(note, found);
        Checkpoint checkpoint = saved(notes);
        assertThatIOException()
                .isThrownBy(() -> RunNotes.of(checkpoint))
                .withMessageContaining("expected " + expected + " as its note " + note + ", found ");
    }
}
