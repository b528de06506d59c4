package dev.byol.tf;

import java.nio.file.Path;
import java.util.List;

/**
 * What the engine needs of the machine, and what of it is there. {@code ./byol doctor} prints it; where the engine cannot start, an
 * {@link EngineException} carries what is at fault.
 *
 * @param findings in the order of what builds on what: Java first, folders last
 */
public record Environment(List<Finding> findings) {
    /** How bad a finding is. */
    public enum Verdict {
        /** As it should be. */
        OK,
        /** Training works; something could be better, or is worth knowing. */
        NOTE,
        /** Training does not work. */
        FAULT
    }

    /**
     * One thing that was looked at.
     *
     * @param subject one or two words
     * @param fact what was found, with what is expected where it is another thing
     * @param remedy exactly what to do; empty where nothing is to be done
     */
    public record Finding(Verdict verdict, String subject, String fact, String remedy) {
        static Finding ok(String subject, String fact) {
            return new Finding(Verdict.OK, subject, fact, "");
        }

        static Finding note(String subject, String fact, String remedy) {
            return new Finding(Verdict.NOTE, subject, fact, remedy);
        }

        static Finding fault(String subject, String fact, String remedy) {
            return new Finding(Verdict.FAULT, subject, fact, remedy);
        }

        Finding asFault() {
            return fault(subject, fact, remedy);
        }

        boolean isFault() {
            return verdict == Verdict.FAULT;
        }

        /** Fact and remedy. */
        String sentences() {
            return fact + (remedy.isEmpty() ? "" : ". " + remedy);
        }
    }

    /** The findings must not change. */
    public Environment {
        findings = List.copyOf(findings);
    }

    /**
     * Looks at everything, starts the engine and runs two convolutions in it: a few seconds. A GPU that is the
     * {@linkplain DeviceChoice#standard standard device} by name and cannot be used is a fault; else it is a note.
     *
     * @param out where runs are to be written; need not exist
     */
    public static Environment examine(Path out) {
        return Examination.here().everything(out);
    }

    /** Whether nothing is at fault. */
    public boolean canTrain() {
        return findings.stream().noneMatch(Finding::isFault);
    }
}
