package dev.byol.examples;

import dev.byol.tf.ChosenDevice;
import dev.byol.tf.DeviceChoice;
import dev.byol.tf.EngineException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.FileSystemException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tensorflow.exceptions.TFResourceExhaustedException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The launcher's entry: {@code ./byol NAME} runs one of the subcommands. */
@Command(
        name = "byol",
        description = "Self-supervised learning on the JVM.",
        mixinStandardHelpOptions = true,
        version = "byol-java 0.1.0-SNAPSHOT",
        subcommands = {
            Pretrain.class,
            Appendix.class,
            Probe.class,
            Embed.class,
            Evaluate.class,
            LinearCommand.class,
            Benchmark.class,
            WatchBench.class,
            AugmentBench.class,
            ViewsBench.class,
            EvalBench.class,
            ViewsCommand.class,
            Doctor.class,
            GpuCheck.class
        })
final class Main {
    /** What the person at the keyboard can mend: a path, a value, a size. */
    static final int BAD_INPUT = 2;

    /** Commands that run no network. */
    private static final Set<Class<?>> WITHOUT_ENGINE =
            Set.of(AugmentBench.class, EvalBench.class, ViewsCommand.class, Main.class);

    private static final String DEVICE = "--device";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private Main() {}

    @Option(
            names = DEVICE,
            scope = CommandLine.ScopeType.INHERIT,
            paramLabel = "DEVICE",
            description =
                    "What networks run on: auto, cpu, gpu or gpu:N. By default auto: a GPU that can be used, else the CPU.")
    void setDevice(String text) {
        try {
            System.setProperty(DeviceChoice.PROPERTY, DeviceChoice.parse(text).toString());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), DEVICE + ": " + e.getMessage(), e);
        }
    }

    /** Runs a command; with a device that was named, it begins with what that came to. */
    private static int execute(ParseResult parsed) {
        ParseResult command = parsed;
        boolean isNamed = parsed.hasMatchedOption(DEVICE);
        while (command.hasSubcommand()) {
            command = command.subcommand();
            isNamed |= command.hasMatchedOption(DEVICE);
        }
        if (isNamed && !command.isUsageHelpRequested()) {
            CommandLine line = command.commandSpec().commandLine();
            if (WITHOUT_ENGINE.contains(command.commandSpec().userObject().getClass())) {
                throw new ParameterException(
                        line, DEVICE + ": " + command.commandSpec().name() + " runs no network");
            }
            if (!(command.commandSpec().userObject() instanceof Doctor)) {
                ChosenDevice device = settle(line);
                line.getOut().println("device " + device + ": " + device.why());
            }
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    private static ChosenDevice settle(CommandLine line) {
        try {
            return DeviceChoice.standard().settle();
        } catch (EngineException e) {
            throw new ParameterException(line, String.valueOf(e.getMessage()), e);
        }
    }

    /** Exit code 0, or {@value #BAD_INPUT} for bad input: a sentence, no stack trace. */
    public static void main(String... args) {
        Charset charset = Charset.defaultCharset();
        System.exit(run(new PrintWriter(System.out, true, charset), new PrintWriter(System.err, true, charset), args));
    }

    static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine line = new CommandLine(new Main());
        CustomMethod custom = new CustomMethod();
        custom.images = () -> Data.open("shapes", 1, out::println).unlabelled();
        line.addSubcommand(custom);
        line.setOut(out);
        line.setErr(err);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionStrategy(Main::execute);
        line.setParameterExceptionHandler((e, arguments) -> {
            err.println("byol: " + e.getMessage());
            err.println("Try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
            return BAD_INPUT;
        });
        line.setExecutionExceptionHandler((e, command, result) -> {
            String message = message(e);
            if (message == null) {
                throw e;
            }
            err.println("byol: " + message);
            return BAD_INPUT;
        });
        if (args.length == 0) {
            line.usage(line.getOut());
            return BAD_INPUT;
        }
        try {
            return line.execute(args);
        } catch (OutOfMemoryError e) {
            err.println("byol: " + outOfMemory());
            return BAD_INPUT;
        }
    }

    /** What to say of something that the user can mend; null for a defect of the program. */
    private static @Nullable String message(Throwable e) {
        if (e instanceof BadInput || e instanceof EngineException) {
            return e.getMessage();
        }
        if (e instanceof FileSystemException f && f.getReason() == null) { // some of the JDK's say no more than a path
            return e.getClass().getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", " ") + ": " + e.getMessage();
        }
        if (e instanceof IOException || e instanceof UncheckedIOException) {
            return String.valueOf(e.getMessage());
        }
        if (e instanceof OutOfMemoryError) {
            return outOfMemory();
        }
        if (e instanceof TFResourceExhaustedException) {
            return "TensorFlow is out of memory: lower --batch or --crop. " + firstLine(e);
        }
        return e.getCause() == null ? null : message(e.getCause());
    }

    private static String outOfMemory() {
        return "the Java heap of " + (Runtime.getRuntime().maxMemory() >> 20)
                + " MiB is full: lower --batch or --crop, or give more by BYOL_JAVA_OPTIONS=-Xmx...";
    }

    private static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
