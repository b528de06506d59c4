package dev.byol.examples;

import dev.byol.tf.Checkpoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * The options of {@code pretrain} as its checkpoints keep them: all of them, by name, so that a run goes on without being told
 * again. Those that decide what is computed are fixed.
 */
final class RunSettings {
    /** Options that a resumed run may change: none of them decides a bit. What data it is, its fingerprint decides. */
    private static final Set<String> FREE =
            Set.of("--data", "--labelled", "--threads", "--on-collapse", "--back-most", "--keep");

    /** Options that belong to one call: they are not kept. */
    private static final Set<String> PASSING =
            Set.of("--out", "--resume", "--overwrite", "--dry-run", "--help", "--version");

    private static final String RHYTHM = "--checkpoint-";
    private static final String PREFIX = "--";

    private RunSettings() {}

    /** All settings, and those that follow from the data or from others in the place of none. */
    static Map<String, String> of(CommandSpec spec, Map<String, Object> resolved) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (OptionSpec option : spec.options()) {
            String name = option.longestName();
            Object value = resolved.containsKey(name) ? resolved.get(name) : option.getValue();
            if (value != null && !PASSING.contains(name)) {
                settings.put(name, text(value));
            }
        }
        return settings;
    }

    private static String text(Object value) {
        return value instanceof Collection<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
                : String.valueOf(value);
    }

    /**
     * Gives the options that were not given on the command line the values of a checkpoint.
     *
     * @param spec of the running command, already parsed
     * @throws BadInput if a fixed one was given another value: the message names each, with both values
     */
    static void takeUp(CommandSpec spec, Checkpoint checkpoint) {
        CommandSpec kept = parsed(checkpoint);
        List<String> differences = new ArrayList<>();
        for (OptionSpec option : spec.options()) {
            String name = option.longestName();
            if (PASSING.contains(name) || !checkpoint.notes().containsKey(name)) {
                continue;
            }
            OptionSpec old = kept.findOption(name);
            boolean given = spec.commandLine().getParseResult().hasMatchedOption(option);
            if (!given) {
                option.setValue(old.<Object>getValue());
            } else if (isFixed(name) && !text(option.getValue()).equals(text(old.getValue()))) {
                differences.add(name + " is " + text(old.getValue()) + ", given " + text(option.getValue()));
            }
        }
        if (!differences.isEmpty()) {
            throw new BadInput(checkpoint.file() + " fixes settings that were given otherwise: "
                    + String.join("; ", differences)
                    + ". Leave them away to go on, or begin anew in another --out");
        }
    }

    private static boolean isFixed(String name) {
        return !FREE.contains(name) && !name.startsWith(RHYTHM);
    }

    private static CommandSpec parsed(Checkpoint checkpoint) {
        CommandLine line = new CommandLine(new Pretrain()).setCaseInsensitiveEnumValuesAllowed(true);
        List<String> arguments = new ArrayList<>();
        checkpoint.notes().forEach((name, value) -> {
            if (name.startsWith(PREFIX)) {
                arguments.add(name + "=" + value);
            }
        });
        try {
            line.parseArgs(arguments.toArray(String[]::new));
        } catch (ParameterException e) {
            throw new BadInput(
                    checkpoint.file() + " has settings that this version does not understand: " + e.getMessage());
        }
        return line.getCommandSpec();
    }
}
