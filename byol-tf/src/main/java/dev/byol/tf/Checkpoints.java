package dev.byol.tf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder of a run's checkpoints: when the next one is due, how many are kept, and which one to go on from. The folder is
 * {@linkplain FolderLock locked} until it is closed. Not thread-safe.
 *
 * <pre>{@code
 * try (Checkpoints checkpoints = Checkpoints.in(folder).every(Duration.ofMinutes(10)).keep(3).open()) {
 *     Optional<Checkpoints.Found> found = checkpoints.newest();
 *     if (found.isPresent()) {
 *         trainer.restore(found.get().checkpoint());
 *     }
 *     while (...) {
 *         trainer.step(...);
 *         if (checkpoints.isDue(trainer.steps())) {
 *             Checkpoints.Outcome outcome = checkpoints.save(trainer, notes);
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>Files are called {@code 000017-step-500.safetensors}: the seventeenth that was saved, after 500 steps. A run that went back saves
 * on under higher numbers; the highest is the newest.
 *
 * <p>What goes wrong while saving, such as a full disk, stops no run: {@link #save} says what it was, the older files stay, and the
 * next one is due after a minute, or earlier if it would have been due anyway.
 */
public final class Checkpoints implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("(\\d{6,18})-step-(\\d{1,18})\\.safetensors");
    private static final Pattern DRAFT = Pattern.compile("\\." + NAME + "-[0-9a-f-]{36}");
    private static final String SCORE = "score";
    private static final long RETRY_NANOS = Duration.ofMinutes(1).toNanos();

    private final Path folder;
    private final int keep;
    private final int keepBest;
    private final long everySteps;
    private final long everyNanos;
    private final LongSupplier clock;
    private FolderLock lock;
    private long lastStep;
    private long lastNanos;
    private boolean failed;

    private Checkpoints(Builder settings, FolderLock lock) {
        this.folder = settings.folder;
        this.keep = settings.keep;
        this.keepBest = settings.keepBest;
        this.everySteps = settings.everySteps;
        this.everyNanos = settings.everyNanos;
        this.clock = settings.clock;
        this.lock = lock;
        this.lastNanos = clock.getAsLong();
    }

    /** Settings for a folder, which is made if it does not exist. */
    public static Builder in(Path folder) {
        return new Builder(folder);
    }

    /** How saving ended. Its text is a sentence for the user. */
    public sealed interface Outcome {}

    /**
     * It is on the disk.
     *
     * @param file the checkpoint
     * @param remark what else there is to say, mostly nothing
     */
    public record Saved(Path file, String remark) implements Outcome {
        @Override
        public String toString() {
            return "checkpoint " + file + (remark.isEmpty() ? "" : ": " + remark);
        }
    }

    /**
     * It is not; what was there before still is, if the folder is.
     *
     * @param file that should have been written
     * @param cause why it could not be
     */
    public record Failed(Path file, IOException cause) implements Outcome {
        @Override
        public String toString() {
            return "checkpoint " + file + " could not be saved: "
                    + cause.getClass().getSimpleName() + ": " + cause.getMessage()
                    + "; the older ones are kept, and it is tried again";
        }
    }

    /**
     * What to go on from.
     *
     * @param checkpoint the newest good one
     * @param damaged what is wrong with each newer one, newest first; mostly empty
     */
    public record Found(Checkpoint checkpoint, List<String> damaged) {
        public Found {
            damaged = List.copyOf(damaged);
        }
    }

    /** A file of the folder. */
    private record Entry(Path file, long number, long step) {}

    /** Where the checkpoints are. */
    public Path folder() {
        return folder;
    }

    /** Files that hold checkpoints, newest first; none of them has been read. */
    public List<Path> files() throws IOException {
        return entries().stream().map(Entry::file).toList();
    }

    /** The step of the newest file, as its name says; empty if there is none. */
    public OptionalLong newestStep() throws IOException {
        return entries().stream().mapToLong(Entry::step).findFirst();
    }

    /** Deletes all checkpoints, for a run that begins anew. */
    public void clear() throws IOException {
        for (Path file : files()) {
            Files.delete(file);
        }
        lastStep = 0;
    }

    private List<Entry> entries() throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (Path file : children(NAME)) {
            Matcher name = NAME.matcher(file.getFileName().toString());
            if (name.matches()) {
                entries.add(new Entry(file, Long.parseLong(name.group(1)), Long.parseLong(name.group(2))));
            }
        }
        entries.sort(Comparator.comparingLong(Entry::number).reversed());
        return entries;
    }

    private List<Path> children(Pattern name) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(child ->
                            name.matcher(child.getFileName().toString()).matches())
                    .toList();
        }
    }

    /**
     * The newest good checkpoint.
     *
     * @return empty if the folder holds none at all
     * @throws IOException if none is good: the message says what is wrong with each; or if the newest good one is of a newer version of
     *     the format
     */
    public Optional<Found> newest() throws IOException {
        return firstGood(files());
    }

    /**
     * The good checkpoint of the highest score.
     *
     * @return empty if none has a score
     * @throws IOException as {@link #newest}
     */
    public Optional<Found> best() throws IOException {
        return firstGood(scored(entries()).stream().map(Entry::file).toList());
    }

    private Optional<Found> firstGood(List<Path> files) throws IOException {
        List<String> damaged = new ArrayList<>();
        for (Path file : files) {
            Safetensors.Content content;
            try {
                content = Safetensors.read(file);
            } catch (IOException e) {
                damaged.add(String.valueOf(e.getMessage()));
                continue;
            }
            Checkpoint checkpoint = Checkpoint.of(content);
            lastStep = checkpoint.step();
            return Optional.of(new Found(checkpoint, damaged));
        }
        if (!damaged.isEmpty()) {
            throw new IOException(folder + " holds no good checkpoint: " + String.join("; ", damaged));
        }
        return Optional.empty();
    }

    /** Those with a score, the highest first, and of equal ones the newest. */
    private static List<Entry> scored(List<Entry> entries) {
        Map<Entry, Double> scores = new LinkedHashMap<>();
        for (Entry entry : entries) {
            score(entry.file).ifPresent(score -> scores.put(entry, score));
        }
        return scores.entrySet().stream()
                .sorted(Map.Entry.<Entry, Double>comparingByValue().reversed())
                .map(Map.Entry::getKey)
                .toList();
    }

    private static OptionalDouble score(Path file) {
        try {
            String text = Checkpoint.notesOf(Safetensors.metadata(file)).get(SCORE);
            return text == null ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(text));
        } catch (IOException | NumberFormatException e) {
            return OptionalDouble.empty(); // what is damaged is not the best
        }
    }

    /**
     * Whether it is time to save: so many steps or so long after the last checkpoint, or a minute after one that failed. Costs nothing worth
     * counting.
     *
     * @param step completed updates
     */
    public boolean isDue(long step) {
        long since = clock.getAsLong() - lastNanos;
        return (everySteps > 0 && step - lastStep >= everySteps)
                || (everyNanos > 0 && since >= everyNanos)
                || (failed && since >= RETRY_NANOS);
    }

    /**
     * Saves a checkpoint, and deletes those that are no longer kept.
     *
     * @param notes as for {@link Trainer#save(Path, Map)}
     */
    public Outcome save(Trainer trainer, Map<String, String> notes) {
        lastStep = trainer.steps();
        lastNanos = clock.getAsLong();
        failed = true;
        Path file = folder.resolve(name(1, trainer.steps()));
        try {
            String remark = requireLocked();
            List<Entry> before = entries();
            file = folder.resolve(name(before.isEmpty() ? 1 : before.get(0).number + 1, trainer.steps()));
            trainer.save(file, notes);
            failed = false;
            prune();
            return new Saved(file, remark);
        } catch (IOException e) {
            return new Failed(file, e);
        }
    }

    /**
     * Saves a checkpoint with a score, which decides which ones are the best.
     *
     * @param score such as an accuracy; higher is better
     * @throws IllegalArgumentException if the score is not a number
     */
    public Outcome save(Trainer trainer, Map<String, String> notes, double score) {
        if (Double.isNaN(score)) {
            throw new IllegalArgumentException("a score must be a number, got " + score);
        }
        Map<String, String> scored = new LinkedHashMap<>(notes);
        scored.put(SCORE, Double.toString(score));
        return save(trainer, scored);
    }

    private static String name(long number, long step) {
        return String.format("%06d-step-%d.safetensors", number, step);
    }

    /** A folder that was deleted is made and locked anew. */
    private String requireLocked() throws IOException {
        if (lock.isInPlace()) {
            return "";
        }
        lock.close();
        lock = FolderLock.take(folder);
        return "its folder had vanished and is made anew";
    }

    /** What cannot be deleted stays, until the next time. */
    private void prune() throws IOException {
        List<Entry> entries = entries();
        Set<Entry> kept = new HashSet<>(entries.subList(0, Math.min(keep, entries.size())));
        if (keepBest > 0) {
            scored(entries).stream().limit(keepBest).forEach(kept::add);
        }
        delete(entries.stream()
                .filter(entry -> !kept.contains(entry))
                .map(Entry::file)
                .toList());
    }

    private static void delete(Collection<Path> files) {
        for (Path file : files) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                System.getLogger(Checkpoints.class.getName())
                        .log(System.Logger.Level.WARNING, "a checkpoint is left behind: {0}", e.getMessage());
            }
        }
    }

    /** Gives the folder free. Closing twice is harmless. */
    @Override
    public void close() throws IOException {
        lock.close();
    }

    /** Settings of {@link Checkpoints}. Without a rhythm, none is ever due. */
    public static final class Builder {
        private final Path folder;
        private int keep = 3;
        private int keepBest;
        private long everySteps;
        private long everyNanos;
        private LongSupplier clock = System::nanoTime;

        private Builder(Path folder) {
            this.folder = folder;
        }

        /** How many of the newest are kept, at least 1; 3 by default. */
        public Builder keep(int newest) {
            if (newest < 1) {
                throw new IllegalArgumentException("checkpoints to keep must be at least 1, got " + newest);
            }
            keep = newest;
            return this;
        }

        /** How many of those with the highest score are kept besides, at least 0, the default. */
        public Builder keepBest(int best) {
            if (best < 0) {
                throw new IllegalArgumentException("best checkpoints to keep must be at least 0, got " + best);
            }
            keepBest = best;
            return this;
        }

        /** Steps from one to the next, at least 1; together with {@link #every}, whichever comes first. */
        public Builder everySteps(long steps) {
            if (steps < 1) {
                throw new IllegalArgumentException("steps between checkpoints must be at least 1, got " + steps);
            }
            everySteps = steps;
            return this;
        }

        /** Time from one to the next, above zero; together with {@link #everySteps}, whichever comes first. */
        public Builder every(Duration time) {
            if (time.isZero() || time.isNegative()) {
                throw new IllegalArgumentException("time between checkpoints must be above zero, got " + time);
            }
            everyNanos = time.toNanos();
            return this;
        }

        Builder clock(LongSupplier nanos) {
            clock = nanos;
            return this;
        }

        /**
         * Locks the folder, and clears away what a killed process left half written.
         *
         * @throws IOException if another process has the folder: the message names both; or if it cannot be written
         */
        public Checkpoints open() throws IOException {
            FolderLock lock = FolderLock.take(folder);
            try {
                Checkpoints checkpoints = new Checkpoints(this, lock);
                delete(checkpoints.children(DRAFT));
                return checkpoints;
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        }
    }
}
