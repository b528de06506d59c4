package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.byol.api.TargetUpdater;
import dev.byol.api.method.Byol;
import dev.byol.api.nn.Mlp;
import dev.byol.api.nn.Norm;
import dev.byol.api.nn.ResNet;
import dev.byol.augment.Presets;
import dev.byol.augment.TableLayout;
import dev.byol.optim.Lars;
import dev.byol.optim.Schedules;
import dev.byol.tf.view.Parity;
import dev.byol.tf.view.ViewRecipe;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.internal.c_api.TF_Buffer;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.KernelDef;
import org.tensorflow.proto.KernelList;
import org.tensorflow.proto.NodeDef;

/**
 * Every operation of a training step has a kernel for GPUs in its element types: none falls back to the CPU in silence, with a copy there
 * and back. TensorFlow's build for GPUs says which kernels it has, on any machine. In the profile {@code gpu}.
 */
@Tag("gpu")
class GpuKernelsTest {
    /** Kernels for every kind of device are registered for {@code DEFAULT}: they move no data, or that of shapes. */
    private static final Set<String> DEVICES = Set.of("GPU", "DEFAULT");

    /** The message of the guard. */
    private static final Set<String> OF_THE_HOST = Set.of("Const of [DT_STRING]");

    private final Map<String, KernelList> kernels = new HashMap<>();

    private static Trainer.Builder settings(Precision precision) {
        return Trainer.builder()
                .optimizer(Lars.deepMind().learningRate(Schedules.constant(0.1)).build())
                .images(ImageFormat.rgb(96))
                .precision(precision)
                .batch(8);
    }

    @BeforeEach
    void buildForGpus() {
        assumeTrue(
                Natives.on(Machine.here(), getClass().getClassLoader()).isForGpu(),
                "needs the profile gpu, which downloads 2.5 GB");
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void operationsOfAStep_haveKernels(Precision precision) {
        assertThat(lacking(settings(precision))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void operationsOfAStepInMicroBatches_haveKernels(Precision precision) {
        assertThat(lacking(settings(precision).microBatch(4))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"appendix", "byol", "simclr", "moco2"})
    void operationsOfViews_haveKernels(String preset) {
        List<ViewRecipe> recipes = Presets.named(preset, 96).stream()
                .map(view -> Parity.recipe(TableLayout.of(view)))
                .toList();
        assertThat(lacking(settings(Precision.FLOAT32).views(recipes))).isEmpty();
    }

    private Set<String> lacking(Trainer.Builder settings) {
        Mlp mlp = new Mlp(2, 512, 128, Norm.batch());
        Byol byol = new Byol(ResNet.resNet18(), mlp, mlp, TargetUpdater.ema(Schedules.constant(0.99)));
        Set<String> lacking = new TreeSet<>();
        try (Program program = new Program(settings, ChosenDevice.gpu(0, "for a test"), byol)) {
            for (NodeDef node : program.graph.toGraphDef().getNodeList()) {
                if (of(node.getOp()).getKernelList().stream().noneMatch(kernel -> isForGpu(kernel, node))) {
                    lacking.add(node.getOp() + " of " + types(node));
                }
            }
        }
        lacking.removeAll(OF_THE_HOST);
        return lacking;
    }

    private static boolean isForGpu(KernelDef kernel, NodeDef node) {
        return DEVICES.contains(kernel.getDeviceType())
                && kernel.getConstraintList().stream()
                        .allMatch(constraint -> constraint
                                .getAllowedValues()
                                .getList()
                                .getTypeList()
                                .containsAll(types(node.getAttrMap().get(constraint.getName()))));
    }

    private static List<DataType> types(AttrValue value) {
        return value == null ? List.of() : value.hasList() ? value.getList().getTypeList() : List.of(value.getType());
    }

    private static List<DataType> types(NodeDef node) {
        return node.getAttrMap().values().stream()
                .filter(value -> value.hasType() || value.getList().getTypeCount() > 0)
                .flatMap(value -> types(value).stream())
                .toList();
    }

    /** The kernels of an operation. */
    private KernelList of(String operation) {
        return kernels.computeIfAbsent(operation, key -> {
            try (TF_Status status = TF_Status.newStatus()) {
                TF_Buffer buffer = tensorflow.TF_GetRegisteredKernelsForOp(key, status);
                status.throwExceptionIfNotOK();
                KernelList found = KernelList.parseFrom(buffer.dataAsByteBuffer());
                tensorflow.TF_DeleteBuffer(buffer);
                return found;
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException("TensorFlow's list of kernels for " + key + " cannot be read", e);
            }
        });
    }
}
