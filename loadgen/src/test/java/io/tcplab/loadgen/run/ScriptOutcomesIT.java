package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.record.LedgerReading;
import io.tcplab.loadgen.record.Measurement;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A script against servers that answer in any pieces, too early, too much, something else, nothing, or that close and reset. */
@OverEachTransport
@Timeout(300)
class ScriptOutcomesIT {

    private static final int MUTATIONS = 10_000;
    private static final String STEPS = """
            [{expect: {until: "\\r\\n", match: "^220 "}},
             {loop: [{send: "ask ${exchange}\\r\\n"}, {expect: {length: {bytes: 2}, match: {literal: yes}}}, {expect: "done\\r\\n"}]},
             {last: [{send: "QUIT\\r\\n"}, {expect: "bye\\r\\n"}]}]""";
    private static final String GREETING = "220 ready\r\n";
    private static final String ANSWER = "\0\3yesdone\r\n";
    private static final String BYE = "bye\r\n";

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Profile profile(String steps, int connections, String member) {
        return Profiles.of("""
                connections: %d
                load: {closed: {concurrency: 8}}
                protocol: {script: %s}
                mix: [{name: only, %s}]
                client: {exchangeTimeout: 700ms, closeTimeout: 700ms}
                """.formatted(connections, steps, member));
    }

    private static Measurement run(MisbehavingServer server, Profile profile) throws Exception {
        Measurement measured = new LoadRun(profile, server.address(), 1, LoopCpus.ANY).execute(_ -> {});
        LedgerReading total = measured.total();
        assertThat(total.ended()).isEqualTo(total.started()).isEqualTo(profile.connections());
        assertThat(measured.causes())
                .as("no fault of ours")
                .noneMatch(counted -> counted.cause().incident() == Incident.BROKE);
        return measured;
    }

    private static void line(Socket socket) throws Exception {
        for (int b = socket.getInputStream().read();
                b != '\n' && b >= 0;
                b = socket.getInputStream().read()) {}
    }

    /** Says the whole conversation in pieces of this many bytes, as soon as it may, with two exchanges. */
    private static void converse(Socket socket, int piece) throws Exception {
        socket.setTcpNoDelay(true);
        OutputStream out = socket.getOutputStream();
        for (String said : new String[] {GREETING, ANSWER, ANSWER, BYE}) {
            if (!said.equals(GREETING)) {
                line(socket);
            }
            for (int at = 0; at < said.length(); at += piece) {
                out.write(bytes(said.substring(at, Math.min(said.length(), at + piece))));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 100})
    void anAnswerInAnyPiecesCompletes(int piece) throws Exception {
        try (MisbehavingServer server = new MisbehavingServer((socket, _) -> {
            try (socket) {
                converse(socket, piece);
            }
        })) {
            Measurement measured = run(server, profile(STEPS, 20, "exchanges: 2, close: {by: server}"));
            assertThat(measured.total().outcome(ConnectionOutcome.COMPLETED))
                    .as("%s", measured.causes())
                    .isEqualTo(20);
            assertThat(measured.total().exchanges()).isEqualTo(40);
        }
    }

    @Test
    void everythingInOneSegmentBeforeItIsAskedForCompletes() throws Exception {
        try (MisbehavingServer server = new MisbehavingServer((socket, _) -> {
            try (socket) {
                socket.getOutputStream().write(bytes(GREETING + ANSWER + ANSWER + BYE));
                for (int i = 0; i < 3; i++) {
                    line(socket);
                }
            }
        })) {
            Measurement measured = run(server, profile(STEPS, 20, "exchanges: 2, think: 2ms, close: {by: server}"));
            assertThat(measured.total().outcome(ConnectionOutcome.COMPLETED))
                    .as("%s", measured.causes())
                    .isEqualTo(20);
        }
    }

    /** Where nothing was asked yet, no request was taken. On a machine without a CPU to spare the close may be late. */
    @Test
    void aServerThatClosesInPlaceOfItsGreetingHasTakenNoRequest() throws Exception {
        try (MisbehavingServer server = new MisbehavingServer((socket, _) -> socket.close())) {
            Measurement measured = run(server, profile(STEPS, 10, "exchanges: 2"));
            assertThat(measured.total().outcome(ConnectionOutcome.CLOSED_EARLY)).isEqualTo(10);
            assertThat(measured.causes())
                    .extracting(counted -> counted.cause().incident())
                    .isSubsetOf(Incident.CLOSED_ON_ACCEPT, Incident.CLOSED_WHILE_IDLE);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "500 no\\r\\n ~ CORRUPTED ~ NOT_WHAT_WAS_ASKED ~ got \"500 no\\r\\n\"",
                "220 ok\\r\\n\\xff\\xff ~ CLOSED_EARLY ~ CLOSED_IN_RESPONSE ~ by its length in bytes 0 to 1 with \"yes\" in it and got",
                "220 ok\\r\\n\\x00\\x03no! ~ CORRUPTED ~ NOT_WHAT_WAS_ASKED ~ with \"yes\" in it and got \"\\x00\\x03no!\"",
                "220 ok\\r\\n\\x00\\x03yesdoom ~ CORRUPTED ~ NOT_WHAT_WAS_ASKED ~ expected \"done\\r\\n\" and got \"doom\"",
                "220 ~ CLOSED_EARLY ~ CLOSED_IN_RESPONSE ~ that matches ^220  and got \"220\"",
            })
    void whatDiffersHasAnOutcomeAndACause(String answer, ConnectionOutcome outcome, Incident incident, String words)
            throws Exception {
        String said = answer.replace("\\r\\n", "\r\n")
                .replace("\\xff", "\u00ff")
                .replace("\\x00", "\0")
                .replace("\\x03", "\u0003");
        try (MisbehavingServer server = new MisbehavingServer((socket, _) -> {
            try (socket) {
                socket.getOutputStream().write(bytes(said));
                line(socket);
            }
        })) {
            // What is closed with a request unread ends by RST: the request is let through first.
            Profile profile = profile(
                    STEPS.replace("{expect: {until", "{send: \"hi\\r\\n\"}, {expect: {until"), 10, "exchanges: 2");
            Measurement measured = run(server, profile);
            assertThat(measured.total().errors()).isEqualTo(10);
            assertThat(measured.causes()).as(words).anySatisfy(counted -> {
                assertThat(counted.cause().incident()).isEqualTo(incident);
                assertThat(counted.cause().text()).contains(words);
            });
            assertThat(measured.total().outcome(outcome)).isPositive();
        }
    }

    @Test
    void aLineWithoutAnEndIsBounded() throws Exception {
        try (MisbehavingServer server = new MisbehavingServer((socket, _) -> {
            try (socket) {
                byte[] block = bytes("220 " + "x".repeat(8_000));
                for (int i = 0; i < 1_000; i++) {
                    socket.getOutputStream().write(block);
                }
            }
        })) {
            Measurement measured = run(server, profile(STEPS, 16, "exchanges: 1"));
            assertThat(measured.total().outcome(ConnectionOutcome.CORRUPTED)).isEqualTo(16);
            assertThat(measured.causes().getFirst().cause().text())
                    .startsWith("notWhatWasAsked: expected an answer of at most 65536 bytes that ends with \"\\r\\n\"")
                    .hasSizeLessThan(300);
        }
    }

    @Test
    void aServerThatSaysNothingTimesOutAndOneThatResetsIsNamed() throws Exception {
        try (MisbehavingServer server = new MisbehavingServer((socket, number) -> {
            if (number % 2 == 0) {
                socket.setSoLinger(true, 0);
                socket.close();
            }
        })) {
            Measurement measured = run(server, profile(STEPS, 8, "exchanges: 1"));
            assertThat(measured.total().outcome(ConnectionOutcome.EXCHANGE_TIMED_OUT))
                    .isEqualTo(4);
            assertThat(measured.total().outcome(ConnectionOutcome.RESET)).isEqualTo(4);
        }
    }

    @Test
    void aFinInAPauseEndsTheConnectionWhenItComes() throws Exception {
        String steps = "[{send: \"a\\n\"}, {expect: b}, {pause: 20s}, {send: \"c\\n\"}, {expect: d}]";
        try (MisbehavingServer server = new MisbehavingServer((socket, _) -> {
            try (socket) {
                line(socket);
                socket.getOutputStream().write('b');
            }
        })) {
            Measurement measured = run(server, profile(steps, 8, "exchanges: 1"));
            assertThat(measured.total().outcome(ConnectionOutcome.CLOSED_EARLY)).isEqualTo(8);
            assertThat(measured.recordedNanos()).isLessThan(15_000_000_000L);
        }
    }

    @Test
    void theAnswerThatTheCloseEndsIsComplete() throws Exception {
        String steps = "[{send: \"whois\\n\"}, {expect: {close: true, match: 'end$'}}]";
        try (MisbehavingServer server = new MisbehavingServer((socket, _) -> {
            try (socket) {
                line(socket);
                socket.getOutputStream().write(bytes("a\nb\nend"));
            }
        })) {
            Measurement measured = run(server, profile(steps, 20, "exchanges: 1"));
            assertThat(measured.total().outcome(ConnectionOutcome.COMPLETED)).isEqualTo(20);
            assertThat(measured.total().announced()).as("the peer closed first").isEqualTo(20);
        }
    }

    private static String mutated(Random random) {
        StringBuilder text = new StringBuilder(GREETING + ANSWER + ANSWER + BYE);
        for (int flaws = random.nextInt(4); flaws > 0; flaws--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(6)) {
                case 0 -> text.setCharAt(at, (char) random.nextInt(256));
                case 1 -> text.insert(at, (char) random.nextInt(256));
                case 2 -> text.setLength(Math.max(1, at));
                case 3 -> text.append(text.substring(at));
                case 4 -> text.insert(at, "\0\5\0\3\0\1yes");
                default -> text.insert(at, "y".repeat(1 + random.nextInt(70_000)));
            }
        }
        return text.toString();
    }

    @Test
    void tenThousandMutatedAnswersLeaveBalancedBooksAndLittleMemory() throws Exception {
        try (MisbehavingServer server = new MisbehavingServer((socket, number) -> {
            try (socket) {
                Random random = new Random(number);
                byte[] answer = bytes(mutated(random));
                socket.setTcpNoDelay(true);
                int half = random.nextInt(answer.length + 1);
                if (answer.length < 100 && number % 5 == 0) {
                    for (byte one : answer) {
                        socket.getOutputStream().write(one);
                    }
                } else {
                    socket.getOutputStream().write(answer, 0, half);
                    socket.getOutputStream().write(answer, half, answer.length - half);
                }
                if (number % 3 == 0) {
                    socket.setSoLinger(true, 0);
                } else {
                    line(socket);
                }
            }
        })) {
            Runtime.getRuntime().gc();
            long before =
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
            Measurement measured = run(server, profile(STEPS, MUTATIONS, "exchanges: 2"));
            Runtime.getRuntime().gc();
            long after =
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
            assertThat(measured.total().started()).isEqualTo(MUTATIONS);
            assertThat(measured.causes()).hasSizeLessThanOrEqualTo(101);
            assertThat(after - before).isLessThan(100L << 20);
        }
    }
}
