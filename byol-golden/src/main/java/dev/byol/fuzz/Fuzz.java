package dev.byol.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An attack on a reader of files: whatever the content, it is read, or refused by an {@code IOException} that names the file, without
 * hanging and in memory of the order of the file's size. Inputs are good files, damaged by a {@link Mutator}; those that are refused
 * somewhere new, and some that are read, are damaged further.
 *
 * <p>It lasts a fixed number of inputs, which are the same ones every time, or as many seconds as the system property
 * {@code byol.fuzz.seconds} says; {@code byol.fuzz.seed} gives other inputs. An input that fails is kept in {@code target/fuzz}. Those that once
 * failed lie in {@code src/test/resources/fuzz}, in a folder with the reader's name, and are tried first.
 */
public final class Fuzz {
    private static final Path MODULE = Path.of(System.getProperty("basedir", ""));
    /** What readers say of each file; held, since else it is forgotten. */
    private static final Logger LOG = Logger.getLogger("dev.byol");

    private final String reader;
    private final Map<String, byte[]> seeds;
    private UnaryOperator<byte[]> repair = UnaryOperator.identity();
    private String named = "";
    private long mostBytes = 4 << 20;
    private int inputs = 1000;
    private int shares = 1;
    private Duration longest = Duration.ofSeconds(20);

    private Fuzz(String reader, Map<String, byte[]> seeds) {
        this.reader = reader;
        this.seeds = new TreeMap<>(seeds); // in one order, so that the inputs are the same every time
    }

    /**
     * An attack.
     *
     * @param reader of what, in a word
     * @param seeds good files, all of which are read whole, by name
     */
    public static Fuzz of(String reader, Map<String, byte[]> seeds) {
        return new Fuzz(reader, seeds);
    }

    /** What makes checksums right after the damage, in half of the inputs, as far as the file can be followed. */
    public Fuzz repairedBy(UnaryOperator<byte[]> checksums) {
        repair = checksums;
        return this;
    }

    /** What the message of each refusal has to have in it: the file's name. */
    public Fuzz named(String text) {
        named = text;
        return this;
    }

    /** Bytes that may be taken for one input, beside a few times its size. */
    public Fuzz taking(long bytes) {
        mostBytes = bytes;
        return this;
    }

    /** How many inputs are tried where no time is given. */
    public Fuzz inputs(int count) {
        inputs = count;
        return this;
    }

    /** How many attacks share the time that is given to a reader, where it reads files of several kinds. */
    public Fuzz oneOf(int attacks) {
        shares = attacks;
        return this;
    }

    /** How long an input may take. */
    Fuzz longest(Duration time) {
        longest = time;
        return this;
    }

    /**
     * Tries all inputs.
     *
     * @throws AssertionError if one fails; or if few get past the header, so that the rest of the reader would not be tried
     */
    public void run(Reading reading) throws InterruptedException {
        long seconds = Long.getLong("byol.fuzz.seconds", 0) / shares;
        Mutator mutator = new Mutator(List.copyOf(seeds.values()), repair, Long.getLong("byol.fuzz.seed", 1));
        Attempts attempts = new Attempts(reader, reading, named, mostBytes);
        Worker worker = new Worker(() -> {
            attempts.warmUp(seeds);
            corpus().forEach((name, content) -> attempts.attempt(name, content));
            long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
            for (long i = 0; seconds == 0 ? i < inputs : System.nanoTime() < end; i++) {
                byte[] content = mutator.next();
                if (attempts.attempt("input " + i, content)) {
                    mutator.keep(content);
                }
            }
        });
        LOG.setLevel(Level.OFF);
        try {
            worker.start();
            while (worker.isAlive()) {
                worker.join(100);
                attempts.requireAlive(longest, worker);
            }
        } finally {
            LOG.setLevel(null);
        }
        worker.requireSuccess();
        if (seconds > 0) {
            System.out.println(attempts);
        }
        attempts.requireSuccess();
    }

    /** Runs the attempts, so that one that hangs can be told. */
    private static final class Worker extends Thread {
        private volatile @Nullable Throwable thrown;

        Worker(Runnable attempts) {
            super(attempts, "fuzz");
            setDaemon(true);
            setUncaughtExceptionHandler((thread, e) -> thrown = e);
        }

        void requireSuccess() {
            Throwable failure = thrown;
            if (failure != null) {
                throw new AssertionError("the attack itself failed", failure);
            }
        }
    }

    /** Inputs that once failed, by name. */
    private Map<String, byte[]> corpus() {
        Path folder = MODULE.resolve("src/test/resources/fuzz").resolve(reader);
        Map<String, byte[]> corpus = new TreeMap<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    corpus.put(file.getFileName().toString(), Files.readAllBytes(file));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return corpus;
    }

    /** Where inputs that fail are kept. */
    static Path kept(String reader, byte[] content) {
        Path file = MODULE.resolve("target/fuzz").resolve(reader + "-" + Integer.toHexString(Arrays.hashCode(content)));
        try {
            Files.createDirectories(file.getParent());
            return Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
