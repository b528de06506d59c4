package dev.byol.examples;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The launcher's entry: {@code ./byol NAME} runs one of the subcommands. */
@Command(
        name = "byol",
        description = "Self-supervised learning on the JVM.",
        mixinStandardHelpOptions = true,
        version = "byol-java 0.1.0-SNAPSHOT",
        subcommands = {Pretrain.class, Probe.class, CustomMethod.class, Benchmark.class})
final class Main {
    /** What the person at the keyboard can mend: a path, a value, a size. */
    static final int BAD_INPUT = 2;

    private Main() {}

    /** Exit code 0, or {@value #BAD_INPUT} for bad input: a sentence, no stack trace. */
    public static void main(String... args) {
        Charset charset = Charset.defaultCharset();
        System.exit(run(new PrintWriter(System.out, true, charset), new PrintWriter(System.err, true, charset), args));
    }

    static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine line = new CommandLine(new Main());
        line.setOut(out);
        line.setErr(err);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler((e, arguments) -> {
            err.println("byol: " + e.getMessage());
            err.println("Try 'byol " + e.getCommandLine().getCommandName() + " --help'.");
            return BAD_INPUT;
        });
        line.setExecutionExceptionHandler((e, command, result) -> {
            if (e instanceof BadInput || e instanceof IOException) {
                err.println("byol: " + message(e));
                return BAD_INPUT;
            }
            throw e;
        });
        if (args.length == 0) {
            line.usage(line.getOut());
            return BAD_INPUT;
        }
        return line.execute(args);
    }

    /** Some of the JDK's exceptions say no more than a path. */
    private static String message(Exception e) {
        return e instanceof java.nio.file.FileSystemException f && f.getReason() == null
                ? e.getClass().getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", " ") + ": " + e.getMessage()
                : String.valueOf(e.getMessage());
    }
}
