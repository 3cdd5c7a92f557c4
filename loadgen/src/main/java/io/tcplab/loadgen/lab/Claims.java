package io.tcplab.loadgen.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The claims of the documents that the lab was made from, and what a run found about them. */
public final class Claims {
    /** The kernel that {@link Claim#known} speaks of. */
    public static final String KNOWN_ON = "6.18";

    private Claims() {}

    /** All of them, in the documents' order. */
    public static List<Claim> all() {
        try (InputStream in = Objects.requireNonNull(Claims.class.getResourceAsStream("claims.tsv"), "claims.tsv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", 4))
                    .map(cells -> new Claim(
                            Integer.parseInt(cells[0]),
                            cells[1],
                            cells[3],
                            Verdict.valueOf(cells[2].toUpperCase(Locale.ROOT))))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What all experiments together found about one claim.
     *
     * @param claim what is said
     * @param here the verdict: different answers of several experiments make a condition
     * @param experiments the ids of those that bear on it
     * @param evidence what each found, by id
     */
    public record Answer(Claim claim, Verdict here, List<String> experiments, Map<String, Finding> evidence) {
        /** Whether it is another verdict than the known one. */
        public boolean differs() {
            return here != claim.known();
        }
    }

    /** The answer to each claim, from these results. */
    public static List<Answer> answers(List<LabResult> results) {
        List<Answer> answers = new ArrayList<>();
        for (Claim claim : all()) {
            Map<String, Finding> evidence = new LinkedHashMap<>();
            Verdict here = Verdict.UNTESTABLE;
            for (LabResult each : results) {
                Finding finding = each.claims().get(claim.number());
                if (finding != null) {
                    evidence.put(each.card().id(), finding);
                    here = here.with(finding.verdict());
                } else if (each.card().claims().contains(claim.number())) {
                    evidence.put(each.card().id(), Finding.untestable(each.reason()));
                }
            }
            answers.add(new Answer(claim, here, List.copyOf(evidence.keySet()), evidence));
        }
        return answers;
    }
}
