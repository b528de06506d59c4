package dev.byol.tf;

import dev.byol.tf.Environment.Finding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The processor and what it can.
 *
 * @param model as it names itself; the architecture where the system does not tell
 * @param features as Linux lists them; empty where it does not
 */
record Processor(String model, Set<String> features, int count) {
    private static final Map<String, List<String>> WORTH_TELLING = worthTelling();

    private static Map<String, List<String>> worthTelling() {
        Map<String, List<String>> names = new LinkedHashMap<>();
        names.put("AVX2", List.of("avx2"));
        names.put("AVX-512", List.of("avx512f"));
        names.put("VNNI", List.of("avx512_vnni", "avx_vnni"));
        names.put("AMX", List.of("amx_tile"));
        names.put("NEON", List.of("asimd"));
        names.put("bfloat16", List.of("avx512_bf16", "amx_bf16", "bf16"));
        return names;
    }

    static Processor of(Machine machine) {
        String info = "/proc/cpuinfo";
        String features = machine.value(info, "flags")
                .or(() -> machine.value(info, "Features"))
                .orElse("");
        return new Processor(
                machine.value(info, "model name").orElse(machine.property("os.arch")),
                new TreeSet<>(List.of(features.split(" ", -1))),
                machine.processors());
    }

    Finding finding() {
        String fact = model + ", " + count + (count == 1 ? " processor" : " processors");
        // TensorFlow ends the process on a CPU without them.
        if (features.contains("sse2") && !features.contains("avx")) {
            return Finding.fault(
                    "cpu",
                    fact + ", without AVX, which TensorFlow is built for",
                    "Use a newer processor; in a virtual machine, show it the host's (QEMU: -cpu host)");
        }
        String can = WORTH_TELLING.entrySet().stream()
                .filter(name -> hasAny(name.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(", "));
        return Finding.ok("cpu", can.isEmpty() ? fact : fact + ": " + can);
    }

    boolean multipliesBfloat16() {
        return hasAny(List.of("avx512_bf16", "amx_bf16", "bf16"));
    }

    private boolean hasAny(List<String> names) {
        return names.stream().anyMatch(features::contains);
    }
}
