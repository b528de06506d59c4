package dev.byol.examples;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

/** What a command said and how it ended. */
record Cli(int code, String out, String err) {
    /** {@code pretrain} of a tiny network on images of 16 pixels, in batches of 8. */
    static List<String> tinyPretrain(String data, String... more) {
        List<String> arguments = new ArrayList<>(List.of("pretrain", "--data", data, "--stem", "small"));
        arguments.addAll(List.of("--crop", "16", "--mlp", "16,8", "--batch", "8"));
        arguments.addAll(List.of(more));
        return arguments;
    }

    static Cli run(List<String> arguments) {
        return run(arguments.toArray(String[]::new));
    }

    static Cli run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
        return new Cli(code, out.toString(), err.toString());
    }
}
