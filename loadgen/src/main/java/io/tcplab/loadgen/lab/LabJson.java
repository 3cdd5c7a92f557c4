package io.tcplab.loadgen.lab;

import io.tcplab.loadgen.result.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Results as one JSON object. */
public final class LabJson {

    private LabJson() {}

    /** {@code {kernel, experiments […]}}, with a newline at its end. */
    public static String of(List<LabResult> results, String kernel) {
        List<Map<String, Object>> experiments = new ArrayList<>();
        for (LabResult each : results) {
            experiments.add(experiment(each));
        }
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("kernel", kernel);
        root.put("experiments", experiments);
        return JsonText.of(root);
    }

    /** {@code {experiments [{id, title, hypothesis, claims, needs, long}]}}: what can be run. */
    static String list(List<Card> cards) {
        List<Map<String, Object>> experiments = new ArrayList<>();
        for (Card each : cards) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("id", each.id());
            one.put("title", each.title());
            one.put("hypothesis", each.hypothesis());
            one.put("claims", each.claims());
            one.put("needs", each.needs().stream().map(Need::label).toList());
            one.put("long", each.longRun());
            experiments.add(one);
        }
        return JsonText.of(Map.of("experiments", experiments));
    }

    private static Map<String, Object> experiment(LabResult result) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("id", result.card().id());
        one.put("title", result.card().title());
        one.put("hypothesis", result.card().hypothesis());
        one.put("claims", result.card().claims());
        one.put("verdict", result.verdict().word());
        one.put("passed", result.passed());
        one.put("reason", result.reason());
        one.put("evidence", evidence(result.evidence()));
        one.put("seconds", result.seconds());
        one.put("runs", result.runs());
        one.put("alike", result.alike());
        one.put("others", result.others());
        return one;
    }

    private static Map<String, Object> evidence(Evidence seen) {
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("counters", seen.counters());
        evidence.put("states", seen.states());
        evidence.put("times", seen.times());
        evidence.put("errno", seen.errno());
        evidence.put("figures", seen.figures());
        evidence.put("sysctls", seen.sysctls());
        evidence.put("segments", seen.segments());
        return evidence;
    }

    /** {@code {kernel, claims [{number, documents, claim, verdict, known, differs, experiments [{id, verdict, reason}]}]}}. */
    public static String claims(List<Claims.Answer> answers, String kernel) {
        List<Map<String, Object>> claims = new ArrayList<>();
        for (Claims.Answer each : answers) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("number", each.claim().number());
            one.put("documents", each.claim().seeds());
            one.put("claim", each.claim().text());
            one.put("verdict", each.here().word());
            one.put("known", each.claim().known().word());
            one.put("differs", each.differs());
            List<Map<String, Object>> found = new ArrayList<>();
            each.evidence()
                    .forEach((id, finding) -> found.add(
                            Map.of("id", id, "verdict", finding.verdict().word(), "reason", finding.reason())));
            one.put("experiments", found);
            claims.add(one);
        }
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("kernel", kernel);
        root.put("knownOn", Claims.KNOWN_ON);
        root.put("claims", claims);
        return JsonText.of(root);
    }
}
