package dev.byol.api.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.byol.api.Initializer;
import dev.byol.api.Parameter.Role;
import dev.byol.api.Shape;
import dev.byol.api.TargetUpdater;
import dev.byol.api.graph.Node;
import dev.byol.api.graph.Op;
import dev.byol.api.graph.ParameterNode;
import dev.byol.api.graph.StateNode;
import dev.byol.api.graph.StepGraph;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ResNetTest {
    private static final int BATCH = 2;

    private final StepGraph graph = StepGraph.training(List.of(Shape.of(BATCH, 96, 96, 3)));

    private static StepGraph training(ResNet network, int size) {
        StepGraph graph = StepGraph.training(List.of(Shape.of(BATCH, size, size, 3)));
        network.encode(graph.online(), graph.view(0));
        return graph;
    }

    /** The convolution with the kernel of this path. */
    private static Node convolution(StepGraph graph, String path) {
        return graph.nodes().stream()
                .filter(node -> node.op() instanceof Op.Conv2d
                        && ((ParameterNode) node.input(1)).path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    private static int count(StepGraph graph) {
        return graph.parameters().stream().mapToInt(p -> p.shape().size()).sum();
    }

    /** torchvision's counts without fc, with its first convolution and pooling replaced for the small stem. */
    static List<Arguments> networks() {
        return List.of(
                Arguments.of(ResNet.resNet10Tiny(), "conv2", 1, 64, 78_312, 77_352, 36),
                Arguments.of(ResNet.resNet18(), "conv2", 2, 512, 11_176_512, 11_168_832, 60),
                Arguments.of(ResNet.resNet34(), "conv2", 3, 512, 21_284_672, 21_276_992, 108),
                Arguments.of(ResNet.resNet50(), "conv3", 3, 2048, 23_508_032, 23_500_352, 159),
                Arguments.of(ResNet.resNet101(), "conv3", 3, 2048, 42_500_160, 42_492_480, 312),
                Arguments.of(ResNet.resNet152(), "conv3", 3, 2048, 58_143_808, 58_136_128, 465));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void network_hasTorchvisionsParameters(
            ResNet network, String last, int blocks, int features, int imagenet, int small, int tensors) {
        StepGraph withImagenet = training(network, 96);
        assertThat(count(withImagenet)).isEqualTo(imagenet);
        assertThat(withImagenet.parameters()).hasSize(tensors);
        assertThat(count(training(network.withStem(ResNet.Stem.SMALL), 32))).isEqualTo(small);
        assertThat(network.features()).isEqualTo(features);
    }

    @ParameterizedTest
    @MethodSource("networks")
    void network_hasTorchvisionsGeometry(
            ResNet network, String last, int blocks, int features, int imagenet, int small, int tensors) {
        stages(network, 96, last, 48, 24, 12, 6, 3);
        stages(network, 32, last, 16, 8, 4, 2, 1);
        stages(network.withStem(ResNet.Stem.SMALL), 96, last, 96, 96, 48, 24, 12);
        stages(network.withStem(ResNet.Stem.SMALL), 32, last, 32, 32, 16, 8, 4);
    }

    private static void stages(ResNet network, int size, String last, int stem, int... stages) {
        StepGraph graph = StepGraph.training(List.of(Shape.of(BATCH, size, size, 3)));
        Shape features = network.encode(graph.online(), graph.view(0)).shape();
        assertThat(features).isEqualTo(Shape.of(BATCH, network.features()));
        assertThat(convolution(graph, "encoder/conv1/kernel").shape())
                .isEqualTo(Shape.of(BATCH, stem, stem, network.width()));
        int channels = network.features() >> (stages.length - 1);
        for (int i = 0; i < stages.length; i++) {
            int block = network.blocks().get(i) - 1;
            String path = "encoder/layer" + (i + 1) + "/block" + block + "/" + last + "/kernel";
            assertThat(convolution(graph, path).shape())
                    .as("%s at %s pixels", path, size)
                    .isEqualTo(Shape.of(BATCH, stages[i], stages[i], channels << i));
        }
    }

    @Test
    void network_ofOnePixel_stillEncodes() {
        StepGraph one = StepGraph.training(List.of(Shape.of(1, 1, 1, 3)));
        assertThat(ResNet.resNet10Tiny().encode(one.online(), one.view(0)).shape())
                .isEqualTo(Shape.of(1, 64));
    }

    @Test
    void network_whoseBatchIsUnknown_embeds() {
        StepGraph pass = StepGraph.inference(Shape.of(Shape.UNKNOWN, 96, 96, 3));
        assertThat(pass.embed(ResNet.resNet18()).shape()).isEqualTo(Shape.of(Shape.UNKNOWN, 512));
        assertThat(pass.nodes()).noneMatch(node -> node.op() instanceof Op.BatchNormalize);
        assertThat(pass.nodes())
                .filteredOn(node -> node.op() instanceof Op.Normalize)
                .hasSize(20);
        assertThat(pass.states()).hasSize(40).allMatch(state -> state.next().isEmpty());
    }

    @Test
    void bottleneck_hasItsStrideOnThe3x3() {
        StepGraph fifty = training(ResNet.resNet50(), 96);
        String block = "encoder/layer2/block0/";
        assertThat(convolution(fifty, block + "conv1/kernel").op()).isEqualTo(new Op.Conv2d(1, 0));
        assertThat(convolution(fifty, block + "conv2/kernel").op()).isEqualTo(new Op.Conv2d(2, 1));
        assertThat(convolution(fifty, block + "conv3/kernel").op()).isEqualTo(new Op.Conv2d(1, 0));
        assertThat(convolution(fifty, block + "shortcut/conv/kernel").op()).isEqualTo(new Op.Conv2d(2, 0));
    }

    @Test
    void shortcuts_areWhereTheShapeChanges() {
        assertThat(shortcuts(ResNet.resNet18()))
                .containsExactly(
                        "encoder/layer2/block0/shortcut/conv/kernel",
                        "encoder/layer3/block0/shortcut/conv/kernel",
                        "encoder/layer4/block0/shortcut/conv/kernel");
        assertThat(shortcuts(ResNet.resNet50())).hasSize(4).contains("encoder/layer1/block0/shortcut/conv/kernel");
    }

    private static List<String> shortcuts(ResNet network) {
        return training(network, 32).parameters().stream()
                .map(ParameterNode::path)
                .filter(path -> path.contains("shortcut") && path.endsWith("kernel"))
                .toList();
    }

    @Test
    void tiny_hasThesePathsAndRoles() {
        ResNet.resNet10Tiny().encode(graph.online(), graph.view(0));
        assertThat(graph.parameters())
                .extracting(ParameterNode::name)
                .startsWith(
                        "online/encoder/conv1/kernel",
                        "online/encoder/norm1/scale",
                        "online/encoder/norm1/offset",
                        "online/encoder/layer1/block0/conv1/kernel",
                        "online/encoder/layer1/block0/norm1/scale")
                .endsWith("online/encoder/layer4/block0/shortcut/norm/offset");
        Map<Role, Long> roles =
                graph.parameters().stream().collect(Collectors.groupingBy(ParameterNode::role, Collectors.counting()));
        assertThat(roles)
                .containsOnly(
                        Map.entry(Role.KERNEL, 12L), Map.entry(Role.NORM_SCALE, 12L), Map.entry(Role.NORM_OFFSET, 12L));
        assertThat(graph.states())
                .hasSize(24)
                .extracting(StateNode::name)
                .contains("online/encoder/layer4/block0/shortcut/norm/variance");
    }

    @Test
    void kernels_startKaimingNormal_byFanOut() {
        ResNet.resNet18().encode(graph.online(), graph.view(0));
        for (ParameterNode parameter : graph.parameters()) {
            if (parameter.role() == Role.KERNEL) {
                Shape shape = parameter.shape();
                double fanOut = shape.dimension(0) * shape.dimension(1) * shape.dimension(3);
                assertThat(((Initializer.Normal) parameter.initializer()).deviation())
                        .as(parameter.name())
                        .isCloseTo(Math.sqrt(2 / fanOut), within(1e-12));
            }
        }
        assertThat(graph.parameters())
                .filteredOn(p -> p.role() == Role.NORM_SCALE)
                .extracting(ParameterNode::initializer)
                .containsOnly(Initializer.ones());
        assertThat(graph.parameters())
                .filteredOn(p -> p.role() == Role.NORM_OFFSET)
                .extracting(ParameterNode::initializer)
                .containsOnly(Initializer.zeros());
    }

    @Test
    void widerBy_multipliesEveryWidth() {
        ResNet wide = ResNet.resNet50().widerBy(2);
        assertThat(wide.features()).isEqualTo(4096);
        assertThat(convolution(training(wide, 32), "encoder/layer1/block0/conv1/kernel")
                        .shape())
                .isEqualTo(Shape.of(BATCH, 8, 8, 128));
    }

    @Test
    void withNorm_replacesEveryNorm() {
        StepGraph group = training(ResNet.resNet10Tiny().withNorm(Norm.group()), 32);
        assertThat(group.parameters()).hasSize(36);
        assertThat(group.states()).isEmpty();
        StepGraph none = training(ResNet.resNet10Tiny().withNorm(Norm.none()), 32);
        assertThat(none.parameters())
                .hasSize(12)
                .extracting(ParameterNode::role)
                .containsOnly(Role.KERNEL);
    }

    @ParameterizedTest
    @MethodSource("norms")
    void norms_areOnEveryConvolution_andTheGradientReachesAll(Norm norm, int statistics) {
        for (ResNet network :
                List.of(ResNet.resNet10Tiny(), ResNet.resNet50(), ResNet.resNet101(), ResNet.resNet152())) {
            ResNet other = network.withNorm(norm).withWeightStandardization();
            StepGraph graph = StepGraph.training(List.of(Shape.of(BATCH, 32, 32, 3)));
            Node y = (Node) other.encode(graph.online(), graph.view(0));
            int convolutions = (int) graph.trained().stream()
                    .filter(p -> p.role() == Role.KERNEL)
                    .count();
            assertThat(graph.states()).hasSize(statistics * convolutions);
            assertThat(StepGraph.reach(y)).containsExactlyInAnyOrderElementsOf(graph.trained());
        }
    }

    static List<Arguments> norms() {
        return List.of(
                Arguments.of(Norm.batch(), 2),
                Arguments.of(Norm.renorm(), 3),
                Arguments.of(Norm.group(), 0),
                Arguments.of(Norm.layer(), 0),
                Arguments.of(Norm.none(), 0));
    }

    @Test
    void weightStandardization_isOnEveryConvolution_onceForAllViews() {
        ResNet network = ResNet.resNet10Tiny().withWeightStandardization();
        StepGraph two = StepGraph.training(List.of(Shape.of(BATCH, 32, 32, 3), Shape.of(BATCH, 32, 32, 3)));
        network.encode(two.online(), two.view(0));
        network.encode(two.online(), two.view(1));
        network.encode(two.target(TargetUpdater.frozen()), two.view(1));
        List<Node> kernels = two.nodes().stream()
                .filter(node -> node.op() instanceof Op.Conv2d)
                .map(node -> node.input(1))
                .toList();
        assertThat(kernels).hasSize(3 * 12).doesNotHaveAnyElementsOfTypes(ParameterNode.class);
        assertThat(Set.copyOf(kernels)).hasSize(2 * 12);
        assertThat(two.parameters())
                .extracting(ParameterNode::name)
                .contains("online/encoder/layer4/block0/shortcut/conv/kernel", "target/encoder/conv1/kernel")
                .hasSize(2 * 36);
    }

    @Test
    void weightStandardization_changesNoPath() {
        assertThat(training(ResNet.resNet10Tiny().withWeightStandardization(), 32)
                        .parameters())
                .extracting(ParameterNode::toString)
                .containsExactlyElementsOf(training(ResNet.resNet10Tiny(), 32).parameters().stream()
                        .map(ParameterNode::toString)
                        .toList());
    }

    @Test
    void networks_areValues() {
        assertThat(ResNet.resNet18()).isEqualTo(ResNet.resNet18()).isNotEqualTo(ResNet.resNet34());
        assertThat(ResNet.resNet18().withStem(ResNet.Stem.SMALL)).isNotEqualTo(ResNet.resNet18());
        ResNet standardized = ResNet.resNet18().withWeightStandardization();
        assertThat(standardized).isNotEqualTo(ResNet.resNet18());
        assertThat(standardized
                        .withStem(ResNet.Stem.SMALL)
                        .withNorm(Norm.group())
                        .widerBy(2))
                .isEqualTo(ResNet.resNet18()
                        .widerBy(2)
                        .withNorm(Norm.group())
                        .withStem(ResNet.Stem.SMALL)
                        .withWeightStandardization());
    }

    @Test
    void settings_outOfRange_areNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ResNet(List.of(), ResNet.Block.BASIC, 8, ResNet.Stem.SMALL, Norm.batch()))
                .withMessage("each stage needs at least one block, got []");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ResNet(List.of(1, 0), ResNet.Block.BASIC, 8, ResNet.Stem.SMALL, Norm.batch()))
                .withMessage("each stage needs at least one block, got [1, 0]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ResNet.resNet18().widerBy(0))
                .withMessage("width must be at least 1, got 0");
    }
}
