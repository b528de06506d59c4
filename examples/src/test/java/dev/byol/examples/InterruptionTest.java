package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class InterruptionTest {
    /** What the other process runs: it never ends by itself. */
    static final class Sleeper {
        private Sleeper() {}

        public static void main(String... args) throws InterruptedException {
            PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
            try (Interruption interruption = new Interruption(out, "asked")) {
                out.println("asleep " + interruption.isAsked());
                while (!interruption.isAsked()) {
                    Thread.sleep(1);
                }
                out.println("awake");
                Thread.sleep(600_000);
            }
        }
    }

    @Test
    void firstSignal_asks_secondEnds() throws IOException, InterruptedException {
        // INT is ignored in a process that a shell has put into the background, so it cannot be tested everywhere
        for (String[] signals : new String[][] {{"TERM", "TERM"}}) {
            Process process = Jvm.of(Sleeper.class).start();
            try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
                assertThat(said.readLine()).isEqualTo("asleep false");
                Jvm.signal(process, signals[0]);
                assertThat(said.readLine()).isEmpty();
                assertThat(said.readLine()).isEqualTo("SIG" + signals[0] + ": asked; once more ends it at once");
                assertThat(said.readLine()).isEqualTo("awake");
                Jvm.signal(process, signals[1]);
                assertThat(process.waitFor()).isEqualTo(Interruption.ENDED);
            } finally {
                process.destroyForcibly();
            }
        }
    }
}
