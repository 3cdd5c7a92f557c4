package io.tcplab.loadgen;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.stream.Collectors.joining;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.Architectures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** The arrows of the tree: modules point one way, and each package of loadgen uses only those before it. */
@AnalyzeClasses(packages = "io.tcplab", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String LOADGEN = "io.tcplab.loadgen.";

    /** The packages of loadgen from the ground floor up. A package may use those before it and none behind it. */
    private static final List<String> ORDER = List.of(
            "record",
            "plan",
            "pace",
            "connection",
            "watch",
            "result",
            "judge",
            "merge",
            "report",
            "view",
            "run",
            "rounds",
            "compare",
            "limit",
            "tune",
            "inspect",
            "lab",
            "learn",
            "fleet",
            "cli");

    @ArchTest
    static final ArchRule MODULES_POINT_ONE_WAY = Architectures.layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("kernel-probe")
            .definedBy("io.tcplab.kernel..")
            .layer("target-server")
            .definedBy("io.tcplab.companion..")
            .layer("loadgen")
            .definedBy("io.tcplab.loadgen..")
            .whereLayer("loadgen")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("target-server")
            .mayOnlyBeAccessedByLayers("loadgen")
            .whereLayer("kernel-probe")
            .mayOnlyBeAccessedByLayers("target-server", "loadgen");

    @ArchTest
    static final ArchRule PACKAGES_USE_ONLY_THOSE_BEFORE_THEM = ArchRuleDefinition.classes()
            .that()
            .resideInAPackage("io.tcplab.loadgen..")
            .should(useOnlyThoseBefore());

    @ArchTest
    static final ArchRule TEXT_AND_HTML_ARE_WRITTEN_APART = noClasses()
            .that()
            .resideInAPackage("io.tcplab.loadgen.report.text..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.tcplab.loadgen.report.html..");

    /** Only the command line knows the lab: an experiment talks to the kernel through sockets of its own. */
    @ArchTest
    static final ArchRule THE_LAB_KNOWS_NO_LOAD = noClasses()
            .that()
            .resideInAPackage("io.tcplab.loadgen.lab..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.tcplab.loadgen.connection..", "io.tcplab.loadgen.tune..", "io.tcplab.loadgen.rounds..");

    @ArchTest
    static final ArchRule THE_KERNEL_PROBE_KNOWS_NO_NETTY = noClasses()
            .that()
            .resideInAPackage("io.tcplab.kernel..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty..");

    /** Files.readString returns one character of a file in /proc/sys, whose size is 0 and whose reads are short. */
    @ArchTest
    static final ArchRule PROC_IS_READ_BY_ONE_READER = noClasses()
            .that()
            .resideInAPackage("io.tcplab.kernel..")
            .and()
            .doNotHaveSimpleName("ProcFile")
            .should()
            .callMethod(Files.class, "readString", Path.class);

    private static ArchCondition<JavaClass> useOnlyThoseBefore() {
        return new ArchCondition<>("use only packages before their own: " + String.join(" → ", ORDER)) {
            @Override
            public void check(JavaClass user, ConditionEvents events) {
                int floor = floor(user);
                if (floor < 0) {
                    events.add(SimpleConditionEvent.violated(user, user.getName() + " is in no package of the tree"));
                    return;
                }
                String behind = user.getDirectDependenciesFromSelf().stream()
                        .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                        .filter(used -> used.getPackageName().startsWith(LOADGEN) && floor(used) > floor)
                        .map(JavaClass::getName)
                        .distinct()
                        .collect(joining(", "));
                if (!behind.isEmpty()) {
                    events.add(SimpleConditionEvent.violated(user, user.getName() + " uses " + behind));
                }
            }
        };
    }

    private static int floor(JavaClass inLoadgen) {
        String name = inLoadgen.getPackageName() + ".";
        return IntStream.range(0, ORDER.size())
                .filter(i -> name.startsWith(LOADGEN + ORDER.get(i) + "."))
                .findFirst()
                .orElse(-1);
    }
}
