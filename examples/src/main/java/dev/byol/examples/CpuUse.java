package dev.byol.examples;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * What has been used: until now, or between two moments.
 *
 * @param wallNanos time on the clock
 * @param threadNanos CPU time of Java threads: the work itself
 * @param processNanos CPU time of the whole process: with the JIT compiler and the garbage collector
 * @param bytes memory that Java threads allocated
 */
record CpuUse(long wallNanos, long threadNanos, long processNanos, long bytes) {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /** All Java threads that live, until now. */
    static CpuUse ofAllThreads() {
        long[] ids = THREADS.getAllThreadIds();
        return now(positive(THREADS.getThreadCpuTime(ids)), positive(THREADS.getThreadAllocatedBytes(ids)));
    }

    /** The calling thread, until now. */
    static CpuUse ofThisThread() {
        return now(THREADS.getCurrentThreadCpuTime(), THREADS.getCurrentThreadAllocatedBytes());
    }

    private static CpuUse now(long threadNanos, long bytes) {
        return new CpuUse(System.nanoTime(), threadNanos, PROCESS.getProcessCpuTime(), bytes);
    }

    /** A thread that has just ended counts -1. */
    private static long positive(long[] values) {
        return Arrays.stream(values).filter(v -> v > 0).sum();
    }

    /** CPU time of the calling thread in nanoseconds; cheaper than all of it. */
    static long threadNanosNow() {
        return THREADS.getCurrentThreadCpuTime();
    }

    static CpuUse none() {
        return new CpuUse(0, 0, 0, 0);
    }

    CpuUse plus(CpuUse other) {
        return new CpuUse(
                wallNanos + other.wallNanos,
                threadNanos + other.threadNanos,
                processNanos + other.processNanos,
                bytes + other.bytes);
    }

    CpuUse since(CpuUse earlier) {
        return new CpuUse(
                wallNanos - earlier.wallNanos,
                threadNanos - earlier.threadNanos,
                processNanos - earlier.processNanos,
                bytes - earlier.bytes);
    }
}
