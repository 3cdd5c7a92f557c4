package io.tcplab.loadgen.inspect;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.result.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An inspection as one JSON object. */
final class InspectJson {

    private InspectJson() {}

    static String of(Inspection inspection) {
        Subject subject = inspection.subject();
        Baseline baseline = inspection.baseline();
        Map<String, @Nullable Object> server = new LinkedHashMap<>();
        server.put("protocol", subject.http() ? "http" : subject.script() != null ? "script" : "none");
        server.put("tls", subject.tls() != null);
        server.put("path", subject.http() ? subject.path() : null);
        server.put("name", baseline == null ? null : baseline.answer().fields().get("server"));
        server.put("status", baseline == null ? null : baseline.answer().status());
        server.put("bodyBytes", baseline == null ? null : baseline.answer().bodyBytes());
        server.put("listener", inspection.listener().orElse(null));
        server.put("process", inspection.health());
        server.put("rateLimit", inspection.limit());
        Map<String, @Nullable Object> root = new LinkedHashMap<>();
        root.put(
                "target",
                Map.of(
                        "asked", subject.asked().toString(),
                        "address", Endpoint.text(subject.address())));
        root.put("server", server);
        root.put("checks", inspection.results().stream().map(InspectJson::check).toList());
        root.put("expectations", inspection.expectations());
        Map<String, Long> verdicts = new LinkedHashMap<>();
        for (CheckVerdict verdict : CheckVerdict.values()) {
            verdicts.put(verdict.id(), inspection.count(verdict));
        }
        root.put("verdicts", verdicts);
        root.put("network", inspection.network());
        root.put("warnings", inspection.warnings());
        root.put("connections", inspection.connections());
        root.put("seconds", inspection.seconds());
        root.put("interrupted", inspection.interrupted());
        return JsonText.of(root);
    }

    private static Map<String, Object> check(CheckResult result) {
        Finding finding = result.finding();
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("id", result.card().id());
        one.put("title", result.card().title());
        one.put("observed", finding.observed());
        one.put("verdict", finding.verdict().id());
        one.put("sentence", finding.sentence());
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("figures", result.figures());
        evidence.put("lines", result.evidence());
        evidence.put("segments", result.segments());
        one.put("evidence", evidence);
        one.put("times", result.times());
        one.put("advice", finding.advice());
        one.put("observes", result.card().observes());
        one.put("matters", result.card().matters());
        one.put("order", result.card().order());
        one.put("sources", new ArrayList<>(result.card().sources()));
        one.put("seconds", result.seconds());
        return one;
    }

    /** The catalogue. */
    static String list(List<Check> checks) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Check each : checks) {
            CheckCard card = each.card();
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("id", card.id());
            one.put("title", card.title());
            one.put("observes", card.observes());
            one.put("matters", card.matters());
            one.put("order", card.order());
            one.put("sources", card.sources());
            all.add(one);
        }
        return JsonText.of(Map.of("checks", all));
    }
}
