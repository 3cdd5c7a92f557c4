package io.tcplab.loadgen.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileReader;
import io.tcplab.loadgen.report.text.Ink;
import io.tcplab.loadgen.rounds.Where;
import io.tcplab.loadgen.run.ExitCode;
import io.tcplab.loadgen.run.Output;
import io.tcplab.loadgen.run.RemoteOptions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A comparison that runs its rounds itself can be a gate. */
@Timeout(120)
class GatingIT {

    @BeforeAll
    static void needsNamespaces() {
        Assumptions.assumeFalse(UserNamespace.needed(), "needs CAP_SYS_ADMIN: run as root or under unshare -Ur");
    }

    @TempDir
    Path directory;

    private final StringWriter printed = new StringWriter();

    private Profile profile(String name, String how) throws Exception {
        Path file = Files.writeString(directory.resolve(name + ".yaml"), """
                name: %s
                connections: 200
                load: {closed: {concurrency: 4}}
                mix: [{name: only, close: {how: %s}}]
                """.formatted(name, how));
        return ProfileReader.read(file, List.of());
    }

    private ExitCode compare(Gating gate, Profile first, Profile second) throws Exception {
        PrintWriter out = new PrintWriter(printed);
        Path results = directory.resolve("results-" + first.name() + "-" + second.name());
        Path junit = directory.resolve("gate.xml");
        Output output = new Output(out, new PrintWriter(new StringWriter()), Ink.PLAIN, false, false, results, junit);
        var rounding = new CompareSession.Rounding(2, 0.1, true, Where.NETNS);
        return new CompareSession(List.of(first, second), rounding, RemoteOptions.NONE, gate, output).run();
    }

    private static Gating gate(@Nullable Path markdown) {
        return new Gating(true, markdown);
    }

    @Test
    void aContenderThatResetsItsConnectionsIsWorseThanTheFirst() throws Exception {
        Path comment = directory.resolve("gate.md");
        ExitCode code = compare(gate(comment), profile("orderly", "fin"), profile("abrupt", "rst"));
        assertThat(code).isEqualTo(ExitCode.NOT_MET);
        assertThat(printed.toString()).contains("Worse from orderly to abrupt: ");
        assertThat(comment).content().contains("abrupt");
        assertThat(directory.resolve("gate.xml"))
                .content()
                .contains("tcplab.gate.abrupt", "RSTs sent by the client per connection", "<failure");
    }

    @Test
    void theSameUnderAnotherNameIsNotWorse() throws Exception {
        assertThat(compare(gate(null), profile("one", "fin"), profile("other", "fin")))
                .isNotEqualTo(ExitCode.NOT_MET);
        assertThat(printed.toString()).contains("Nothing got worse from one to other");
    }
}
