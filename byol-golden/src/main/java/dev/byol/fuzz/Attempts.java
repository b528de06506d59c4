package dev.byol.fuzz;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gives a reader one input after the other, and looks at what it does. */
final class Attempts {
    /** Bytes that may be taken for each byte of an input: JSON's and protobuf's smallest values become objects. */
    private static final long TIMES = 64;

    private static final int MOST_FAILURES = 20;
    /** Of so many inputs that are read whole, one is damaged further. */
    private static final int KEPT_OF_GOOD = 16;
    /** That tell one place of refusal from another, where the exception itself is made in one. */
    private static final int FRAMES = 3;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final List<BufferPoolMXBean> POOLS = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class);

    private final String reader;
    private final Reading reading;
    private final String named;
    private final long mostBytes;
    private final Tally tally;
    /** By what and where it was, the first input of each kind. */
    private final Map<String, AssertionError> failures = new LinkedHashMap<>();

    private volatile byte @Nullable [] current;
    private volatile long began;
    private boolean isDeep;

    Attempts(String reader, Reading reading, String named, long mostBytes) {
        this.reader = reader;
        this.reading = reading;
        this.named = named;
        this.mostBytes = mostBytes;
        tally = new Tally(reader);
    }

    /** Reads all seeds, twice, so that what is loaded once is not counted. */
    void warmUp(Map<String, byte[]> seeds) {
        for (int i = 0; i < 2; i++) {
            seeds.forEach((name, content) -> {
                isDeep = false;
                try {
                    reading.read(content.clone(), () -> isDeep = true);
                } catch (Exception e) {
                    throw new IllegalStateException("the seed " + name + " of " + reader + " is no good file", e);
                }
                if (!isDeep) {
                    throw new IllegalStateException(reader + " never says that it is past the header");
                }
            });
        }
    }

    /**
     * Tries an input.
     *
     * @return whether it is worth going on from
     */
    boolean attempt(String input, byte[] content) {
        long most = mostBytes + TIMES * content.length;
        Outcome outcome = read(content);
        if (outcome.bytes > most) {
            outcome = read(content); // what is loaded once is not counted
        }
        @Nullable Throwable thrown = outcome.thrown;
        if (thrown != null && !isDocumented(thrown)) {
            fail(input, content, thrown);
        }
        if (outcome.bytes > most) {
            fail(input, content, new AssertionError(outcome.bytes + " bytes were taken for " + content.length));
        }
        boolean isNew = tally.add(isDeep, thrown == null ? "" : place(thrown), outcome.bytes);
        return (isNew && isDeep) || (thrown == null && tally.inputs() % KEPT_OF_GOOD == 0);
    }

    /**
     * What has become of an input.
     *
     * @param thrown null if it was read whole
     * @param bytes that were taken for it
     */
    private record Outcome(@Nullable Throwable thrown, long bytes) {}

    private Outcome read(byte[] content) {
        byte[] given = content.clone();
        isDeep = false;
        began = System.nanoTime();
        current = content;
        long outside = outsideTheHeap();
        long heap = THREADS.getCurrentThreadAllocatedBytes();
        @Nullable Throwable thrown = null;
        try {
            reading.read(given, () -> isDeep = true);
        } catch (Throwable e) { // whatever it is, it is looked at
            thrown = e;
        }
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - heap + Math.max(0, outsideTheHeap() - outside);
        current = null;
        return new Outcome(thrown, bytes);
    }

    private static long outsideTheHeap() {
        long sum = 0;
        for (BufferPoolMXBean pool : POOLS) {
            sum += pool.getMemoryUsed();
        }
        return sum;
    }

    private boolean isDocumented(Throwable thrown) {
        return thrown instanceof IOException
                && String.valueOf(thrown.getMessage()).contains(named);
    }

    /** Where in our code an exception and its causes come from. */
    private static String place(Throwable thrown) {
        StringBuilder place = new StringBuilder();
        for (@Nullable Throwable e = thrown; e != null; e = e.getCause()) {
            place.append(e.getClass().getName());
            Arrays.stream(e.getStackTrace())
                    .filter(frame -> frame.getClassName().startsWith("dev.byol."))
                    .limit(FRAMES)
                    .forEach(frame -> place.append(" at ").append(frame));
        }
        return place.toString();
    }

    private void fail(String input, byte[] content, Throwable why) {
        String kind = place(why);
        if (!failures.containsKey(kind) && failures.size() < MOST_FAILURES) {
            failures.put(
                    kind,
                    new AssertionError(
                            reader + ", " + input + ", kept as " + Fuzz.kept(reader, content) + ": " + why, why));
        }
    }

    /** @throws AssertionError if an input has taken too long: it is kept, and the error has the place */
    void requireAlive(Duration longest, Thread worker) {
        byte @Nullable [] content = current;
        if (content != null && System.nanoTime() - began > longest.toNanos()) {
            AssertionError error = new AssertionError(
                    reader + " reads for more than " + longest + ", kept as " + Fuzz.kept(reader, content));
            error.setStackTrace(worker.getStackTrace());
            throw error;
        }
    }

    void requireSuccess() {
        if (!failures.isEmpty()) {
            AssertionError error = new AssertionError(failures.size() + " kinds of failure. " + this);
            failures.values().forEach(error::addSuppressed);
            throw error;
        }
        tally.requireDepth();
    }

    @Override
    public String toString() {
        return tally.toString();
    }
}
