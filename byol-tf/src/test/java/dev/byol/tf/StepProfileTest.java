package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.byol.tf.StepProfile.Operation;
import dev.byol.tf.StepProfile.Total;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.DeviceStepStats;
import org.tensorflow.proto.NodeExecStats;

class StepProfileTest {
    private static final StepReport REPORT = new StepReport(1, 0, Map.of());

    @TempDir
    private Path temp;

    private static StepProfile profile(Operation... operations) {
        return new StepProfile(REPORT, List.of(operations));
    }

    private static Operation operation(String type, String device, double start, double micros) {
        return new Operation("of/" + type, type, device, start, micros);
    }

    private static StepProfile profiled(Trainer trainer) {
        return trainer.profile(Tiny.images(trainer, 1), Tiny.images(trainer, 2));
    }

    private static List<Operation> convolutions(StepProfile profile) {
        return profile.operations().stream()
                .filter(operation -> operation.type().endsWith("Conv2D"))
                .toList();
    }

    // Of a step

    @Test
    void profile_isAStep() {
        try (Trainer plain = Tiny.resNet().build();
                Trainer traced = Tiny.resNet().build()) {
            for (int i = 1; i <= 2; i++) {
                StepReport expected = plain.step(Tiny.images(plain, i), Tiny.images(plain, i + 5));
                StepProfile profile = traced.profile(Tiny.images(traced, i), Tiny.images(traced, i + 5));
                assertThat(profile.report()).isEqualTo(expected);
                assertThat(traced.digest()).isEqualTo(plain.digest());
            }
            assertThat(traced.steps()).isEqualTo(2);
            assertThat(Tiny.train(traced, 1)).isEqualTo(Tiny.train(plain, 1));
        }
    }

    @Test
    void operations_ofAStep_haveNamesTypesAndTimes() {
        try (Trainer trainer = Tiny.resNet().device(DeviceChoice.CPU).build()) {
            long start = System.nanoTime();
            StepProfile profile = profiled(trainer);
            double step = (System.nanoTime() - start) / 1e3;
            assertThat(convolutions(profile)).isNotEmpty().allSatisfy(convolution -> {
                assertThat(convolution.micros()).isPositive();
                assertThat(convolution.name()).isNotBlank();
                assertThat(convolution.device()).isEqualTo("CPU:0");
            });
            assertThat(profile.operations().get(0).startMicros()).isZero();
            assertThat(profile.operations())
                    .allSatisfy(operation -> assertThat(operation.startMicros() + operation.micros())
                            .isBetween(0.0, step))
                    .allSatisfy(operation ->
                            assertThat(operation.type()).matches("\\w+").isNotEqualTo("kernel"));
        }
    }

    @Test
    void microBatches_areAllInIt() {
        try (Trainer whole = Tiny.resNet().build();
                Trainer parts = Tiny.resNet().microBatch(2).build()) {
            int ofOne = convolutions(profiled(whole)).size();
            assertThat(convolutions(profiled(parts))).hasSize(2 * ofOne);
        }
    }

    @Test
    void profile_ofAStepThatIsSkipped_saysSo() {
        String kernel = "online/encoder/conv1/kernel";
        try (Trainer trainer = Tiny.resNet().onNonFinite(NonFinitePolicy.SKIP).build()) {
            float[] values = trainer.values().get(kernel);
            values[0] = Float.NaN;
            trainer.write(Map.of(kernel, values));
            String before = trainer.digest();
            assertThat(profiled(trainer).report().skipped()).isPresent();
            assertThat(trainer.digest()).isEqualTo(before);
            assertThat(trainer.skipped()).isEqualTo(1);
        }
    }

    @Test
    void profile_refusesWhatAStepRefuses() {
        try (Trainer trainer = Tiny.resNet().build()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> trainer.profile(new byte[1]))
                    .withMessage("the method takes 2 views, got 1");
            assertThat(trainer.steps()).isZero();
        }
    }

    // By type

    @Test
    void byType_addsUp_theLongestFirst() {
        StepProfile profile = profile(
                operation("Conv2D", "CPU:0", 0, 30),
                operation("Add", "CPU:0", 5, 2),
                operation("MatMul", "CPU:0", 5, 8),
                operation("Conv2D", "CPU:0", 2, 60));
        assertThat(profile.byType())
                .containsExactly(
                        new Total("Conv2D", 2, 90, 0.9), new Total("MatMul", 1, 8, 0.08), new Total("Add", 1, 2, 0.02));
    }

    @Test
    void byType_ofAStep_addsUp() {
        try (Trainer trainer = Tiny.resNet().build()) {
            StepProfile profile = profiled(trainer);
            List<Total> totals = profile.byType();
            assertThat(totals).extracting(Total::micros).isSortedAccordingTo((a, b) -> Double.compare(b, a));
            assertThat(totals.stream().mapToInt(Total::count).sum())
                    .isEqualTo(profile.operations().size());
            assertThat(totals.stream().mapToDouble(Total::share).sum()).isCloseTo(1, within(1e-9));
        }
    }

    @Test
    void byType_ofNothing_isNothing() {
        assertThat(profile().byType()).isEmpty();
        assertThat(profile(operation("NoOp", "CPU:0", 0, 0)).byType()).containsExactly(new Total("NoOp", 1, 0, 0));
    }

    @Test
    void time_thatIsNone_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> operation("Add", "CPU:0", -1, 1))
                .withMessage("startMicros must be finite and at least 0, got -1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> operation("Add", "CPU:0", 1, Double.NaN))
                .withMessage("micros must be finite and at least 0, got NaN");
    }

    // The file

    private List<Map<String, Object>> trace(StepProfile profile) throws IOException {
        Path file = temp.resolve("trace.json");
        profile.writeTrace(file);
        List<Map<String, Object>> events = new ArrayList<>();
        for (Object event : JSON.std.listFrom(Files.readString(file))) {
            events.add(JSON.std.mapFrom(JSON.std.asString(event)));
        }
        return events;
    }

    private static double number(Map<String, Object> event, String key) {
        return ((Number) event.get(key)).doubleValue();
    }

    @Test
    void trace_hasAProcessForEachDevice_andALaneForWhatOverlaps() throws IOException {
        List<Map<String, Object>> events = trace(profile(
                operation("Add", "CPU:0", 1, 2.5),
                operation("Conv\"2D\"", "CPU:0", 0, 2),
                operation("Mul", "GPU:0/stream:all", 1, 1),
                operation("Sub", "CPU:0", 2, 7)));
        assertThat(events)
                .containsExactly(
                        Map.of("name", "process_name", "ph", "M", "pid", 0, "args", Map.of("name", "CPU:0")),
                        complete("Conv\"2D\"", 0, 2, 0, 0),
                        complete("Add", 1, 2.5, 0, 1),
                        Map.of("name", "process_name", "ph", "M", "pid", 1, "args", Map.of("name", "GPU:0/stream:all")),
                        complete("Mul", 1, 1, 1, 0),
                        complete("Sub", 2, 7, 0, 0));
    }

    private static Map<String, Object> complete(String type, double start, double micros, int process, int lane) {
        return Map.of(
                "name",
                type,
                "ph",
                "X",
                "ts",
                start,
                "dur",
                micros,
                "pid",
                process,
                "tid",
                lane,
                "args",
                Map.of("node", "of/" + type));
    }

    @Test
    void trace_ofAStep_hasNoOverlapInALane() throws IOException {
        try (Trainer trainer = Tiny.resNet().build()) {
            StepProfile profile = profiled(trainer);
            Map<List<Object>, Double> free = new HashMap<>();
            int complete = 0;
            for (Map<String, Object> event : trace(profile)) {
                if ("X".equals(event.get("ph"))) {
                    List<Object> lane = List.of(event.get("pid"), event.get("tid"));
                    assertThat(number(event, "ts")).isGreaterThanOrEqualTo(free.getOrDefault(lane, 0.0));
                    free.put(lane, number(event, "ts") + number(event, "dur") - 1e-6);
                    complete++;
                }
            }
            assertThat(complete).isEqualTo(profile.operations().size());
        }
    }

    @Test
    void trace_ofNothing_isEmpty() throws IOException {
        assertThat(trace(profile())).isEmpty();
    }

    @Test
    void trace_whereThereIsNoFolder_saysWhichFile() {
        Path file = temp.resolve("nowhere/trace.json");
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> profile().writeTrace(file))
                .withMessageContaining(file.toString());
    }

    // What TensorFlow says

    private static DeviceStepStats device(String name, NodeExecStats.Builder... nodes) {
        DeviceStepStats.Builder device = DeviceStepStats.newBuilder().setDevice(name);
        List.of(nodes).forEach(device::addNodeStats);
        return device.build();
    }

    private static NodeExecStats.Builder micros(String name, String label, long start, long duration) {
        return NodeExecStats.newBuilder()
                .setNodeName(name)
                .setTimelineLabel(label)
                .setAllStartMicros(start)
                .setOpEndRelMicros(duration)
                .setAllEndRelMicros(duration);
    }

    @Test
    void operations_ofAHost_areTakenToTheNanosecond() {
        NodeExecStats.Builder node = micros("a/Conv2D", "[cpu 1.0MB] a/Conv2D = Conv2D(x = y(, kernel)", 10, 7)
                .setAllStartNanos(10_123)
                .setOpStartRelNanos(1_000)
                .setOpEndRelNanos(6_500)
                .setAllEndRelNanos(7_000);
        String cpu = "/job:localhost/replica:0/task:0/device:CPU:0";
        assertThat(StepTrace.operations(List.of(device(cpu, micros("b", "b = Add(x, y)", 10, 2), node))))
                .containsExactly(
                        new Operation("b", "Add", "CPU:0", 0, 2),
                        new Operation("a/Conv2D", "Conv2D", "CPU:0", 1.123, 5.5));
    }

    /** Names and labels as TensorFlow 2.18 makes them of CUPTI's events. */
    @Test
    void operations_ofAGpu_areItsOwn_whereTheyWereTraced() {
        DeviceStepStats cpu =
                device("/job:localhost/replica:0/task:0/device:CPU:0", micros("c", "c = Const()", 1000, 1));
        DeviceStepStats launched = device(
                "/job:localhost/replica:0/task:0/device:GPU:0", micros("a/Conv2D", "a/Conv2D = Conv2D(x)", 1001, 2));
        String kernel = "void cutlass::Kernel<f>(f::Params) regs:90 shm:0 grid:1,1,1 block:128,1,1";
        NodeExecStats.Builder ofNode = micros("a/Conv2D:Conv2D", kernel, 1004, 50);
        NodeExecStats.Builder ofNone = micros("void cutlass::Kernel", kernel, 1060, 5);
        List<DeviceStepStats> gpu = List.of(
                device("/device:GPU:0/sync", micros("cuStreamSynchronize", "ThreadId 1", 1070, 9)),
                device("/device:GPU:0/stream:13", ofNode, ofNone),
                device("/device:GPU:0/stream:all", ofNode, ofNone),
                device("/device:GPU:0/stream:14<MemcpyH2D>", micros("MemcpyH2D", "MemcpyH2D kind_src:pinned", 1002, 3)),
                device("/device:GPU:0/memcpy", micros("MemcpyH2D", "MemcpyH2D kind_src:pinned", 1002, 3)));
        assertThat(StepTrace.operations(List.of(cpu, launched)))
                .containsExactly(
                        new Operation("c", "Const", "CPU:0", 0, 1), new Operation("a/Conv2D", "Conv2D", "GPU:0", 1, 2));
        List<DeviceStepStats> all = new ArrayList<>(List.of(cpu, launched));
        all.addAll(gpu);
        assertThat(StepTrace.operations(all))
                .containsExactly(
                        new Operation("c", "Const", "CPU:0", 0, 1),
                        new Operation("a/Conv2D", "Conv2D", "GPU:0/stream:all", 4, 50),
                        new Operation("void cutlass::Kernel", "kernel", "GPU:0/stream:all", 60, 5),
                        new Operation("MemcpyH2D", "MemcpyH2D", "GPU:0/memcpy", 2, 3));
    }
}
