package dev.byol.tf;

import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which device is asked for: {@code auto}, {@code cpu}, or {@code gpu:N}.
 *
 * <p>A process uses one GPU at most, the first one that it asks for. Where TensorFlow's build for GPUs is there, the log (a
 * {@link System.Logger} of this class) says once what {@code auto} took and why.
 */
public final class DeviceChoice {
    /** The first GPU if it can be used, else the CPU. */
    public static final DeviceChoice AUTO = new DeviceChoice("auto", OptionalInt.empty());

    /** The CPU, whatever else there is. */
    public static final DeviceChoice CPU = new DeviceChoice("cpu", OptionalInt.empty());

    /** The system property that says what is asked for where a program does not. */
    public static final String PROPERTY = "byol.device";

    private static final Pattern GPU = Pattern.compile("gpu(?::(\\d{1,3}))?");

    private final String name;
    private final OptionalInt gpu;

    private DeviceChoice(String name, OptionalInt gpu) {
        this.name = name;
        this.gpu = gpu;
    }

    /**
     * A GPU, or an {@link EngineException} where it cannot be used.
     *
     * @param index from 0, in CUDA's order
     * @throws IllegalArgumentException if it is below 0
     */
    public static DeviceChoice gpu(int index) {
        if (index < 0) {
            throw new IllegalArgumentException("the index of a GPU must be at least 0, got " + index);
        }
        return new DeviceChoice("gpu:" + index, OptionalInt.of(index));
    }

    /**
     * From {@code auto}, {@code cpu}, {@code gpu} for the first one, or {@code gpu:N}, in any case.
     *
     * @throws IllegalArgumentException if it is another text
     */
    public static DeviceChoice parse(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        Matcher asGpu = GPU.matcher(lower);
        if (lower.equals(AUTO.name)) {
            return AUTO;
        } else if (lower.equals(CPU.name)) {
            return CPU;
        } else if (asGpu.matches()) {
            return gpu(asGpu.group(1) == null ? 0 : Integer.parseInt(asGpu.group(1)));
        }
        throw new IllegalArgumentException("a device is auto, cpu, gpu or gpu:N, got " + text);
    }

    /**
     * What the system property {@value #PROPERTY} says, {@link #AUTO} where it is not set.
     *
     * @throws IllegalArgumentException if it says something else than {@link #parse} takes
     */
    public static DeviceChoice standard() {
        return parse(System.getProperty(PROPERTY, AUTO.name));
    }

    /**
     * Starts the engine and settles on a device. Where CUDA's libraries are on the class or module path and there is a GPU, they are
     * unpacked the first time, 2.1 GiB of them.
     *
     * @throws EngineException if TensorFlow cannot start, or not on the GPU that is asked for: the message says what is missing
     */
    public ChosenDevice settle() {
        return Engine.settle(this);
    }

    /** The GPU that is asked for; empty where none need be. */
    OptionalInt gpu() {
        return gpu;
    }

    /** As {@link #parse} takes it. */
    @Override
    public String toString() {
        return name;
    }
}
