package io.tcplab.loadgen.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tcplab.kernel.namespace.Programs;
import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.loadgen.cli.LabProcess.Ended;
import io.tcplab.loadgen.run.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The lab's forms on the command line, and what becomes of them where namespaces cannot be had. */
@Timeout(200)
class LabCommandIT {

    @TempDir
    private Path place;

    @BeforeAll
    static void needsTheProgramAndNamespaces() {
        assumeThat(LabProcess.isPackaged()).as("the packaged program").isTrue();
        assumeThat(UserNamespace.obstacle()).isEmpty();
    }

    private LabProcess lab() {
        return new LabProcess(place);
    }

    @Test
    void listNamesEveryExperimentAndWhatItNeeds() throws Exception {
        Ended ended = lab().run("list");
        assertThat(ended.code()).isZero();
        assertThat(ended.out().lines()).hasSizeGreaterThan(80);
        assertThat(ended.out())
                .contains("C3   Half-close")
                .contains("[needs none]")
                .contains("nft");
    }

    @Test
    void planShowsThePageWithoutARun() throws Exception {
        Ended ended = lab().run("show", "c4", "--plan");
        assertThat(ended.code()).isZero();
        assertThat(ended.out()).contains("Claim:").contains("close(2)").doesNotContain("Verdict");
    }

    @Test
    void showRunsOneAndPrintsItsPage() throws Exception {
        Ended ended = lab().run("show", "C7");
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out())
                .containsSubsequence("Claim:", "Steps", "Segments", "RST", "States", "Counters", "Verdict: holds")
                .contains("socket(7)");
    }

    @Test
    void jsonIsOneObjectAndNothingElse() throws Exception {
        Ended ended = lab().run("run", "C7", "T22", "--json");
        JsonNode root = new JsonMapper().readTree(ended.out());
        assertThat(root.propertyNames()).containsExactly("kernel", "experiments");
        assertThat(root.get("experiments").findValuesAsString("verdict")).containsExactly("holds", "refuted");
        assertThat(root.get("experiments").get(0).get("evidence").get("errno").findValuesAsString("server reads"))
                .containsExactly("ECONNRESET");
    }

    @Test
    void reportsAreWrittenBesideTheTable() throws Exception {
        Path junit = place.resolve("junit.xml");
        Path markdown = place.resolve("report.md");
        Ended ended = lab().run("run", "C1", "S9", "--junit", junit.toString(), "--markdown", markdown.toString());
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("2 experiments").contains("2 holds");
        assertThat(Files.readString(junit)).contains("tests=\"2\" failures=\"0\"");
        assertThat(Files.readString(markdown)).contains("## The state machine").contains("### S9 CLOSING");
    }

    @Test
    void aCableThatNobodyConnectedIsAFailedExpectationAndExitCodeThree() throws Exception {
        String real = Programs.find("ip").orElseThrow();
        Path ip =
                Files.writeString(place.resolve("ip"), "#!/bin/sh\nsed '/^link set vs up$/d' | " + real + " \"$@\"\n");
        assertThat(ip.toFile().setExecutable(true)).isTrue();
        Path junit = place.resolve("junit.xml");
        Ended ended = lab().withPrograms(place).run("run", "S2", "T22", "--junit", junit.toString());
        assertThat(ended.code()).isEqualTo(ExitCode.NOT_MET.code());
        assertThat(ended.out())
                .contains("S2   FAILED")
                .contains("expectation failed")
                .contains("1 FAILED");
        assertThat(Files.readString(junit)).contains("failures=\"1\"").contains("SYN_SENT");
    }

    @Test
    void anUnknownExperimentIsOneSentence() throws Exception {
        Ended ended = lab().run("run", "T99");
        assertThat(ended.code()).isEqualTo(ExitCode.BAD_USAGE.code());
        assertThat(ended.err()).contains("no experiment T99; there are T1, T2");
    }

    @Test
    void whereUserNamespacesAreForbiddenWhatNeedsNoneStillRuns() throws Exception {
        String shrink = "echo 0 > /proc/sys/user/max_user_namespaces;"
                + " exec setpriv --bounding-set -all --inh-caps -all \"$@\"";
        without(lab().under("unshare", "-Ur", "sh", "-c", shrink, "sh"), "user.max_user_namespaces is 0: raise it");
    }

    @Test
    void whereNetworkNamespacesAreForbiddenWhatNeedsNoneStillRuns() throws Exception {
        String shrink = "echo 0 > /proc/sys/user/max_net_namespaces; exec \"$@\"";
        without(lab().under("unshare", "-Ur", "sh", "-c", shrink, "sh"), "raise user.max_net_namespaces above 0");
    }

    private static void without(LabProcess lab, String remedy) throws Exception {
        Ended ended = lab.run("run", "C1", "C3", "C7", "C8", "A1", "T1", "S2", "--json");
        assertThat(ended.err().lines())
                .as("one sentence on stderr: " + ended.err())
                .filteredOn(line -> line.startsWith("tcplab: "))
                .singleElement()
                .asString()
                .contains(remedy);
        assertThat(ended.code()).as(ended.out()).isZero();
        List<String> verdicts = new JsonMapper()
                .readTree(ended.out())
                .get("experiments")
                .valueStream()
                .map(each ->
                        each.get("id").asString() + " " + each.get("verdict").asString())
                .toList();
        assertThat(verdicts)
                .containsExactly(
                        "C1 holds",
                        "C3 holds",
                        "C7 holds",
                        "C8 refuted",
                        "A1 refuted",
                        "T1 untestable",
                        "S2 untestable");
    }
}
