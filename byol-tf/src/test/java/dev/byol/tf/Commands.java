package dev.byol.tf;

import java.io.IOException;

/** Programs of the system that tests use where they are there, such as {@code mount}. */
final class Commands {
    private Commands() {}

    /** Whether it ended well. */
    static boolean run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }
}
