package dev.byol.examples;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import dev.byol.api.Tensor;
import dev.byol.augment.View;
import dev.byol.eval.Features;
import dev.byol.optim.Sgd;
import dev.byol.tf.Trainer;
import java.lang.module.ModuleDescriptor;
import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The dependency rules of docs/architecture.md. */
class ArchitectureTest {
    private static final List<Class<?>> MODULES =
            List.of(Tensor.class, Sgd.class, Trainer.class, View.class, Features.class);
    private static final JavaClasses CODE = new ClassFileImporter()
            .importUrls(MODULES.stream().map(ArchitectureTest::location).toList());
    private static final String JSPECIFY = "org.jspecify..";

    private static URL location(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    @Test
    void everyModule_isThere() {
        Set<String> packages = CODE.stream().map(c -> c.getPackageName()).collect(Collectors.toSet());
        assertThat(packages)
                .contains(
                        "dev.byol.api",
                        "dev.byol.api.graph",
                        "dev.byol.api.method",
                        "dev.byol.api.nn",
                        "dev.byol.optim",
                        "dev.byol.tf",
                        "dev.byol.tf.view",
                        "dev.byol.augment",
                        "dev.byol.augment.io",
                        "dev.byol.augment.load",
                        "dev.byol.eval");
    }

    @Test
    void api_needsNothing() {
        only("dev.byol.api..", "dev.byol.api..", "java..").check(CODE);
    }

    @Test
    void optim_needsApi() {
        only("dev.byol.optim..", "dev.byol.optim..", "dev.byol.api..", "java..").check(CODE);
    }

    @Test
    void tf_needsApiAndTensorFlow() {
        only(
                        "dev.byol.tf..",
                        "dev.byol.tf..",
                        "dev.byol.api..",
                        "org.tensorflow..",
                        "com.google.protobuf..",
                        "org.bytedeco.javacpp..", // what unpacks TensorFlow's libraries unpacks CUDA's
                        "java..")
                .check(CODE);
    }

    @Test
    void augment_needsTheJdk() {
        only("dev.byol.augment..", "dev.byol.augment..", "java..", "javax.imageio..", "org.w3c.dom..")
                .check(CODE);
    }

    @Test
    void eval_needsTheJdkAndGuava() {
        only("dev.byol.eval..", "dev.byol.eval..", "com.google.common..", "java..")
                .check(CODE);
    }

    @Test
    void packages_haveNoCycles() {
        SlicesRuleDefinition.slices()
                .matching("dev.byol.(**)")
                .should()
                .beFreeOfCycles()
                .check(CODE);
    }

    @Test
    void libraries_doNotPrint() {
        GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CODE);
        GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(CODE);
    }

    @Test
    void libraries_doNotDeserialise() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(java.io.ObjectInputStream.class, java.io.ObjectOutputStream.class)
                .check(CODE);
    }

    @Test
    void modules_areNamedAndExportWhatIsPublic() {
        Map<String, Set<String>> expected = Map.of(
                "dev.byol.api", Set.of("dev.byol.api", "dev.byol.api.graph", "dev.byol.api.method", "dev.byol.api.nn"),
                "dev.byol.optim", Set.of("dev.byol.optim"),
                "dev.byol.tf", Set.of("dev.byol.tf", "dev.byol.tf.view"),
                "dev.byol.augment", Set.of("dev.byol.augment", "dev.byol.augment.io", "dev.byol.augment.load"),
                "dev.byol.eval", Set.of("dev.byol.eval"));
        for (Class<?> type : MODULES) {
            ModuleDescriptor module = type.getModule().getDescriptor();
            Set<String> exports = module.exports().stream()
                    .filter(e -> !e.isQualified())
                    .map(ModuleDescriptor.Exports::source)
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(exports).as(module.name()).isEqualTo(expected.get(module.name()));
        }
    }

    private static ArchRule only(String module, String... allowed) {
        String[] all = new String[allowed.length + 1];
        System.arraycopy(allowed, 0, all, 0, allowed.length);
        all[allowed.length] = JSPECIFY;
        return classes()
                .that()
                .resideInAPackage(module)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(all).or(resideInAnyPackage("")));
    }
}
