package io.tcplab.loadgen.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What results look like on paper, on a terminal, and for programs. */
@Timeout(20)
class LabPagesTest {

    private static final Evidence SEEN = new Evidence(
            Map.of("client.TcpExt.TW", 1L),
            List.of(
                    new Evidence.SeenState(0.1, "client", "ESTABLISHED"),
                    new Evidence.SeenState(0.2, "client", "FIN_WAIT1"),
                    new Evidence.SeenState(0.3, "server", "ESTABLISHED"),
                    new Evidence.SeenState(0.4, "server", "CLOSE_WAIT")),
            Map.of("close", 0.5),
            Map.of("server reads", "ECONNRESET"),
            Map.of("bytes", 5L),
            Map.of("client.net.ipv4.tcp_tw_reuse", "1"),
            List.of("   0.100 s  client ── SYN ──▶ server"),
            List.of("   0.100 s  client: connects"));

    private static LabResult result(boolean passed, Verdict verdict, String reason) {
        Card card = Card.of("C1", "Who | closes")
                .hypothesis("A close takes four segments.")
                .claims(4)
                .verifies("The path.")
                .because("The server waits.")
                .reading("RFC 9293 §3.6, tcp(7)");
        Map<Integer, Finding> claims = passed ? Map.of(4, new Finding(verdict, reason)) : Map.of();
        return new LabResult(card, passed, verdict, reason, claims, SEEN, 0.25, 1, 1, List.of());
    }

    private static final LabResult HELD = result(true, Verdict.HOLDS, "FIN, ACK, FIN, ACK");

    @Test
    void jsonHasTheKeysOfTheContract() {
        JsonNode root = new JsonMapper().readTree(LabJson.of(List.of(HELD), "6.18"));
        assertThat(root.propertyNames()).containsExactly("kernel", "experiments");
        JsonNode one = root.get("experiments").get(0);
        assertThat(one.propertyNames())
                .contains("id", "title", "hypothesis", "claims", "verdict", "reason", "evidence", "seconds");
        assertThat(one.get("verdict").asString()).isEqualTo("holds");
        assertThat(one.get("claims").get(0).asInt()).isEqualTo(4);
        assertThat(one.get("evidence").propertyNames()).contains("counters", "states", "times", "errno");
        assertThat(one.get("evidence").get("states").get(0).get("state").asString())
                .isEqualTo("ESTABLISHED");
    }

    @Test
    void junitCountsAFailedExpectationAsAFailureAndAnUntestableOneAsSkipped() throws Exception {
        String xml = LabJunit.of(List.of(
                HELD,
                result(true, Verdict.REFUTED, "three"),
                result(true, Verdict.UNTESTABLE, "no bpftrace"),
                result(false, Verdict.UNTESTABLE, "expected <1>")));
        Element suite = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new java.io.StringReader(xml)))
                .getDocumentElement();
        assertThat(suite.getAttribute("tests")).isEqualTo("4");
        assertThat(suite.getAttribute("failures")).isEqualTo("1");
        assertThat(suite.getAttribute("skipped")).isEqualTo("1");
        assertThat(((Element) suite.getElementsByTagName("failure").item(0)).getAttribute("message"))
                .isEqualTo("expected <1>");
    }

    @Test
    void handOutHasTheOverviewTheMachineTheClaimsAndAPageForEach() {
        String text = LabMarkdown.of(List.of(HELD), "6.18.1");
        assertThat(text)
                .startsWith("# TCP, as Linux 6.18.1 does it")
                .contains("1 experiments: 1 holds.")
                .contains("| [C1](#c1-who--closes) | A close takes four segments. | holds |")
                .contains("## The state machine (状态机)")
                .contains("| 4 | A close takes four segments | holds ≠ Linux 6.18: conditional | C1 |")
                .contains("## The close (四次挥手)")
                .contains("### C1 Who | closes")
                .contains("client ── SYN ──▶ server")
                .contains("Counters that moved: `client.TcpExt.TW` 1")
                .contains("<details><summary>Each step</summary>")
                .contains("**Verdict: holds** – FIN, ACK, FIN, ACK")
                .contains("Read on: RFC 9293 §3.6, tcp(7)");
    }

    @Test
    void handOutShortensWhatIsLong() {
        List<String> flood = IntStream.range(0, 300).mapToObj(i -> "SYN " + i).toList();
        Evidence much = new Evidence(Map.of(), List.of(), Map.of(), Map.of(), Map.of(), Map.of(), flood, List.of());
        LabResult flooded = new LabResult(HELD.card(), true, Verdict.HOLDS, "so", Map.of(), much, 0.1, 1, 1, List.of());
        assertThat(LabMarkdown.of(List.of(flooded), "6.18"))
                .contains("SYN 23\n           … and more")
                .doesNotContain("SYN 24");
    }

    @Test
    void edgesAreMarkedOnTheSideThatWalkedThem() {
        String drawing = LabStates.drawing(List.of(HELD));
        assertThat(drawing).contains("g✓").contains("h✓").contains("a·").contains("2 of 15 edges");
        assertThat(drawing.lines().filter(line -> line.contains("close: FIN") && line.contains("ESTABLISHED")))
                .singleElement()
                .asString()
                .matches(".*close: FIN +C1 +–");
        assertThat(drawing.lines().filter(line -> line.contains("CLOSE_WAIT") && line.contains("FIN, ACK")))
                .singleElement()
                .asString()
                .matches(".*FIN, ACK +– +C1");
    }

    @Test
    void aFailedExperimentWalksNoEdge() {
        assertThat(LabStates.drawing(List.of(result(false, Verdict.UNTESTABLE, "no"))))
                .contains("0 of 15 edges");
    }

    @Test
    void pageBeforeTheRunSaysWhatItWillDoAndNothingElse() {
        assertThat(LabText.plan(HELD.card()))
                .contains("Claim:  A close takes four segments.")
                .contains("Needs:       none")
                .contains("Read on: RFC 9293 §3.6, tcp(7)")
                .doesNotContain("Verdict");
    }

    @Test
    void pageAfterTheRunHasEverySection() {
        assertThat(LabText.page(HELD))
                .containsSubsequence(
                        "Claim:",
                        "Steps",
                        "Segments on the cable",
                        "States over time",
                        "Counters that moved",
                        "Settings, read back",
                        "Times in seconds",
                        "Figures",
                        "Errors",
                        "Verdict: holds",
                        "Read on:");
    }
}
