package dev.byol.tf;

import dev.byol.tf.Environment.Finding;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * NVIDIA's GPUs and driver, as far as files tell.
 *
 * @param card whether there is one on the bus, with or without a driver
 * @param models of the GPUs; empty where the driver does not list them, as under WSL
 * @param kernel the version of the driver's part in the kernel
 * @param device whether there is a device to open
 * @param library whether {@code libcuda.so.1}, the driver's other part, is where the linker looks
 * @param hidden whether {@code CUDA_VISIBLE_DEVICES} hides all of them
 */
record Nvidia(
        boolean card, List<String> models, Optional<String> kernel, boolean device, boolean library, boolean hidden) {
    static final String SUBJECT = "gpu";

    /** The oldest driver for CUDA 12, by NVIDIA's table of minor version compatibility. */
    private static final Integer[] OLDEST = {525, 60, 13};

    private static final String DRIVER = "Install NVIDIA's driver, 525.60.13 or newer";
    private static final String CONTAINER =
            "In a container: docker run --gpus all, with NVIDIA's container toolkit on the host";
    private static final Pattern VERSION = Pattern.compile("Kernel Module.*?\\s(\\d+(?:\\.\\d+)+)");

    static Nvidia of(Machine machine) {
        List<String> models = new ArrayList<>();
        for (var gpu : machine.list(machine.at("/proc/driver/nvidia/gpus"))) {
            machine.value("/proc/driver/nvidia/gpus/" + gpu.getFileName() + "/information", "Model")
                    .ifPresent(models::add);
        }
        Matcher version = VERSION.matcher(machine.text("/proc/driver/nvidia/version"));
        String visible = machine.variables().getOrDefault("CUDA_VISIBLE_DEVICES", "all");
        return new Nvidia(
                machine.list(machine.at("/sys/bus/pci/devices")).stream()
                        .map(device -> "/sys/bus/pci/devices/" + device.getFileName())
                        .anyMatch(device -> machine.text(device + "/vendor").startsWith("0x10de")
                                && machine.text(device + "/class").startsWith("0x03")),
                models,
                version.find() ? Optional.of(version.group(1)) : Optional.empty(),
                Files.exists(machine.at("/dev/nvidiactl")) || Files.exists(machine.at("/dev/dxg")),
                new SystemLibraries(machine).find("libcuda.so.1").isPresent(),
                visible.isBlank() || visible.strip().startsWith("-"));
    }

    /** What is missing or in the way, the first thing to mend; empty if a program can open a GPU. */
    Optional<Finding> problem() {
        if (kernel.isEmpty() && !device && !library) {
            return Optional.of(
                    card
                            ? Finding.note(SUBJECT, "an NVIDIA GPU without its driver", DRIVER)
                            : Finding.ok(SUBJECT, "no NVIDIA GPU, and no driver for one"));
        } else if (kernel.isPresent() && isOlder(kernel.get())) {
            return Optional.of(Finding.note(SUBJECT, name() + ", where CUDA 12 needs driver 525.60.13", DRIVER));
        } else if (!library) {
            return Optional.of(
                    Finding.note(SUBJECT, name() + ", but no libcuda.so.1", CONTAINER + ". Else: " + DRIVER));
        } else if (!device) {
            return Optional.of(Finding.note(
                    SUBJECT,
                    "the driver's libcuda.so.1 is there, but no device, /dev/nvidiactl",
                    CONTAINER + ". Else: sudo modprobe nvidia"));
        } else if (hidden) {
            return Optional.of(
                    Finding.note(SUBJECT, name() + ", hidden by CUDA_VISIBLE_DEVICES", "Unset CUDA_VISIBLE_DEVICES"));
        }
        return Optional.empty();
    }

    private static boolean isOlder(String version) {
        List<Integer> parts =
                Stream.of(version.split("\\.", -1)).map(Integer::valueOf).toList();
        return Arrays.compare(parts.toArray(Integer[]::new), OLDEST) < 0;
    }

    /** Such as {@code NVIDIA H200, driver 570.86.15}. */
    String name() {
        String gpus = models.isEmpty() ? "an NVIDIA GPU" : String.join(" and ", models);
        return kernel.isEmpty() ? gpus : gpus + ", driver " + kernel.get();
    }
}
