package dev.byol.examples;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A Python program that measures what another library takes for the same work: it prints one line of JSON.
 *
 * @param script the program
 * @param python what runs it
 */
record Peer(Path script, String python) {
    /** The system's Python. */
    static final String PYTHON = "/usr/bin/python3";

    private static final int LAST_LINES = 5;

    /**
     * The program that an option names.
     *
     * @throws BadInput if there is no such file
     */
    static Peer named(String option, Path script, String python) {
        BadInput.require(
                Files.isReadable(script) && !Files.isDirectory(script),
                option + " " + script + ": there is no such file, expected a Python program");
        return new Peer(script, python);
    }

    /**
     * Runs the program to its end.
     *
     * @return the last line of its standard output
     * @throws BadInput if it cannot be started or fails, with the command, the exit code and the last lines that it wrote
     */
    String run(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(python, script.toString()));
        command.addAll(arguments);
        Path errors = Files.createTempFile("byol-peer", ".err");
        try {
            Process process = start(command, errors);
            String answer;
            int code;
            try {
                answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
                code = process.waitFor();
            } finally {
                process.destroy();
            }
            if (code != 0 || answer.isEmpty()) {
                throw failed(command, "ended with code " + code, Files.readString(errors) + "\n" + answer);
            }
            return answer.lines().reduce((first, second) -> second).orElse("");
        } finally {
            Files.deleteIfExists(errors);
        }
    }

    /** Runs the program and reads its answer. */
    Map<String, Object> ask(List<String> arguments) throws IOException, InterruptedException {
        String answer = run(arguments);
        try {
            return JSON.std.mapFrom(answer);
        } catch (IOException e) {
            throw new BadInput("the peer " + script + " was asked " + arguments + " and said: " + answer
                    + "; expected one line of JSON");
        }
    }

    /**
     * A number of an answer.
     *
     * @throws BadInput if it is not there, or not above 0
     */
    static double number(Map<?, ?> answer, String name) {
        if (answer.get(name) instanceof Number number && number.doubleValue() > 0) {
            return number.doubleValue();
        }
        throw new BadInput("the peer said " + answer + ", expected a number above 0 called \"" + name + "\"");
    }

    private static Process start(List<String> command, Path errors) {
        try {
            return new ProcessBuilder(command).redirectError(errors.toFile()).start();
        } catch (IOException e) {
            throw failed(command, "could not be started", String.valueOf(e.getMessage()));
        }
    }

    private static BadInput failed(List<String> command, String how, String said) {
        List<String> lines = said.lines().filter(line -> !line.isBlank()).toList();
        List<String> last = lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
        return new BadInput("the peer \"" + String.join(" ", command) + "\" " + how
                + (last.isEmpty() ? " and said nothing" : "; the last it said: " + String.join(" | ", last)));
    }
}
