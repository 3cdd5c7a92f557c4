package io.tcplab.loadgen;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;
import java.nio.file.Files;
import java.nio.file.Path;

/** The arrows of the tree: each package may use only those before it on a connection's path. */
@AnalyzeClasses(packages = "io.tcplab", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

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
    static final ArchRule PACKAGES_FOLLOW_THE_PATH_OF_A_CONNECTION = Architectures.layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            .layer("plan")
            .definedBy("io.tcplab.loadgen.plan..")
            .layer("pace")
            .definedBy("io.tcplab.loadgen.pace..")
            .layer("record")
            .definedBy("io.tcplab.loadgen.record..")
            .layer("connection")
            .definedBy("io.tcplab.loadgen.connection..")
            .layer("report")
            .definedBy("io.tcplab.loadgen.report..")
            .layer("run")
            .definedBy("io.tcplab.loadgen.run..")
            .layer("lab")
            .definedBy("io.tcplab.loadgen.lab..")
            .layer("tune")
            .definedBy("io.tcplab.loadgen.tune..")
            .layer("cli")
            .definedBy("io.tcplab.loadgen.cli..")
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("lab")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("tune")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("run")
            .mayOnlyBeAccessedByLayers("lab", "tune", "cli")
            .whereLayer("report")
            .mayOnlyBeAccessedByLayers("run", "lab", "tune", "cli")
            .whereLayer("connection")
            .mayOnlyBeAccessedByLayers("run")
            .whereLayer("pace")
            .mayOnlyBeAccessedByLayers("connection", "run");

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
}
