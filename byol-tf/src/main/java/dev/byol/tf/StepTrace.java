package dev.byol.tf;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.proto.DeviceStepStats;
import org.tensorflow.proto.NodeExecStats;
import org.tensorflow.proto.RunOptions;

/** Runs a step with TensorFlow's statistics, and keeps them. */
final class StepTrace {
    /** What ran on a GPU, in time of the GPU: kernels, each of which is also in a stream of its own, and copies. */
    private static final String KERNELS = "/stream:all";

    private static final String COPIES = "/memcpy";

    /** The node that a kernel belongs to, as its name has it: {@code encoder/Conv2D:Conv2D}, but no {@code cutlass::Kernel}. */
    private static final Pattern OF_NODE = Pattern.compile("(.*[^:]):(\\w+)");

    /** A host's label: {@code [cpu 1.2MB] encoder/Conv2D = Conv2D(x, kernel)}. */
    private static final Pattern OF_HOST = Pattern.compile(" = (\\w+)\\(");

    private final RunOptions options;
    private final List<DeviceStepStats> devices = new ArrayList<>();

    /** On a device: what the host knows is enough where the host computes, and does not warn that there is no GPU. */
    StepTrace(ChosenDevice device) {
        options = RunOptions.newBuilder()
                .setTraceLevel(
                        device.gpu().isPresent()
                                ? RunOptions.TraceLevel.FULL_TRACE
                                : RunOptions.TraceLevel.SOFTWARE_TRACE)
                .build();
    }

    /** As {@link Session.Runner#run}, traced. */
    Result run(Session.Runner runner) {
        Result result = runner.setOptions(options).runAndFetchMetadata();
        result.getMetadata()
                .ifPresent(found -> devices.addAll(found.getStepStats().getDevStatsList()));
        return result;
    }

    /** What has run so far. */
    List<StepProfile.Operation> operations() {
        return operations(devices);
    }

    /** Of a GPU its own times, if there are any: what its host has of the same operations is when they were launched. */
    static List<StepProfile.Operation> operations(List<DeviceStepStats> devices) {
        boolean traced = devices.stream().anyMatch(device -> device.getDevice().endsWith(KERNELS));
        List<DeviceStepStats> taken =
                devices.stream().filter(device -> isTaken(device, traced)).toList();
        long first = taken.stream()
                .flatMap(device -> device.getNodeStatsList().stream())
                .mapToLong(StepTrace::startNanos)
                .min()
                .orElse(0);
        List<StepProfile.Operation> operations = new ArrayList<>();
        taken.forEach(device ->
                device.getNodeStatsList().forEach(node -> operations.add(operation(device.getDevice(), node, first))));
        return operations;
    }

    private static boolean isTaken(DeviceStepStats device, boolean traced) {
        String name = device.getDevice();
        return !traced || !name.contains("GPU:") || name.endsWith(KERNELS) || name.endsWith(COPIES);
    }

    private static StepProfile.Operation operation(String device, NodeExecStats node, long first) {
        Matcher ofNode = OF_NODE.matcher(node.getNodeName());
        return new StepProfile.Operation(
                ofNode.matches() ? ofNode.group(1) : node.getNodeName(),
                ofNode.matches() ? ofNode.group(2) : type(device, node.getTimelineLabel()),
                device.substring(device.indexOf("device:") < 0 ? 0 : device.indexOf("device:") + "device:".length()),
                (startNanos(node) - first) / 1e3,
                Math.max(0, endNanos(node) - startNanos(node)) / 1e3);
    }

    private static String type(String device, String label) {
        Matcher ofHost = OF_HOST.matcher(label);
        if (ofHost.find()) {
            return ofHost.group(1);
        }
        return device.endsWith(COPIES) ? label.replaceFirst(" .*", "") : "kernel";
    }

    /** When it began to compute; a GPU has microseconds only. */
    private static long startNanos(NodeExecStats node) {
        return node.getAllStartNanos() == 0
                ? 1000 * (node.getAllStartMicros() + node.getOpStartRelMicros())
                : node.getAllStartNanos() + node.getOpStartRelNanos();
    }

    private static long endNanos(NodeExecStats node) {
        return node.getAllStartNanos() == 0
                ? 1000 * (node.getAllStartMicros() + node.getOpEndRelMicros())
                : node.getAllStartNanos() + node.getOpEndRelNanos();
    }
}
