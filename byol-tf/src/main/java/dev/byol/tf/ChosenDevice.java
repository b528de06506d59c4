package dev.byol.tf;

import java.util.OptionalInt;
import org.tensorflow.DeviceSpec;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.RewriterConfig;

/**
 * What a graph runs on.
 *
 * @param gpu index in CUDA's order; empty for the CPU
 * @param why it is this one, in words
 */
public record ChosenDevice(OptionalInt gpu, String why) {
    static ChosenDevice cpu(String why) {
        return new ChosenDevice(OptionalInt.empty(), why);
    }

    static ChosenDevice gpu(int index, String why) {
        return new ChosenDevice(OptionalInt.of(index), why);
    }

    /** {@code cpu} or {@code gpu:N}. */
    @Override
    public String toString() {
        return gpu.isPresent() ? "gpu:" + gpu.getAsInt() : "cpu";
    }

    /** Operations for it: of a process's GPUs TensorFlow sees the one that was chosen, as its first. */
    Ops place(Ops tf) {
        return gpu.isPresent()
                ? tf.withDevice(DeviceSpec.newBuilder()
                        .deviceType(DeviceSpec.DeviceType.GPU)
                        .deviceIndex(0)
                        .build())
                : tf;
    }

    /**
     * How sessions run. Of TensorFlow's passes over a graph a CPU gets, once, those that matter: what nobody needs is taken out, divisions
     * become products as they do wherever an exported model runs, pairs such as convolution and bias become one. The others, and a second
     * round, take more than a second of ResNet-18's start and make no step faster. Memory optimisation turns sums of gradients
     * into unordered additions in place: without it the same step gives the same bits.
     */
    ConfigProto config() {
        RewriterConfig.Builder passes =
                RewriterConfig.newBuilder().setMemoryOptimization(RewriterConfig.MemOptType.NO_MEM_OPT);
        if (gpu.isEmpty()) {
            passes.setMetaOptimizerIterations(RewriterConfig.NumIterationsType.ONE)
                    .addOptimizers("pruning")
                    .addOptimizers("constfold")
                    .addOptimizers("arithmetic")
                    .addOptimizers("remap");
        }
        ConfigProto.Builder config = ConfigProto.newBuilder()
                .setAllowSoftPlacement(true) // for operations that only the CPU has, such as those on strings
                .setGraphOptions(GraphOptions.newBuilder().setRewriteOptions(passes));
        if (gpu.isEmpty()) {
            return config.putDeviceCount("GPU", 0).build();
        }
        return config.setGpuOptions(GPUOptions.newBuilder()
                        .setVisibleDeviceList(Integer.toString(gpu.getAsInt()))
                        .setAllowGrowth(true))
                .build();
    }
}
