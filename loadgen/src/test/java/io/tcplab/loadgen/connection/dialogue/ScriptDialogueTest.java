package io.tcplab.loadgen.connection.dialogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.loadgen.connection.dialogue.Dialogue.Part;
import io.tcplab.loadgen.connection.dialogue.Dialogue.Progress;
import io.tcplab.loadgen.connection.wire.Buffer;
import io.tcplab.loadgen.pace.RandomBits;
import io.tcplab.loadgen.plan.Close;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.plan.ProfileReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A script against bytes in any pieces. */
@Timeout(30)
class ScriptDialogueTest {

    private static final int MUTATIONS = 10_000;
    private static final int EXCHANGES = 20_000;

    @TempDir
    private static Path directory;

    private final Buffer buffer = new Buffer(1 << 16);

    private static ScriptDialogue dialogue(String steps) {
        try {
            Path file = Files.writeString(
                    directory.resolve("p.yaml"),
                    "load: {closed: {concurrency: 1}}\nmix: [{name: mem, weight: 1}]\nprotocol:\n  script:\n"
                            + steps.indent(4));
            Profile profile = ProfileReader.read(file, List.of());
            return (ScriptDialogue)
                    Dialogue.of(profile, profile.mix().getFirst(), new java.net.InetSocketAddress("127.0.0.1", 9));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A connection as far as a dialogue sees it. */
    private static final class Talking implements Conversation {
        private final long index;
        private int exchange;
        private int requestBytes;
        private @Nullable Object state;
        private final List<Integer> steps = new ArrayList<>();

        Talking(long index) {
            this.index = index;
        }

        @Override
        public Close close() {
            return Close.CLIENT_FIN;
        }

        @Override
        public int requestBytes() {
            return requestBytes;
        }

        @Override
        public void requestBytes(int bytes) {
            requestBytes = bytes;
        }

        @Override
        public int responseBytes() {
            return 0;
        }

        @Override
        public int receivedBytes() {
            return 0;
        }

        @Override
        public int patternSeed() {
            return 0;
        }

        @Override
        public long index() {
            return index;
        }

        @Override
        public int exchange() {
            return exchange;
        }

        @Override
        public long random(int draw) {
            return RandomBits.of(7, index, draw);
        }

        @Override
        public void receivedEarly(int bytes) {}

        @Override
        public void stepped(int step) {
            if (step >= 0) {
                steps.add(step);
            }
        }

        @Override
        public @Nullable Object state() {
            return state;
        }

        @Override
        public void state(@Nullable Object kept) {
            state = kept;
        }
    }

    /** What is sent in this turn, in pieces of {@code piece} bytes. */
    private String said(ScriptDialogue dialogue, Talking talking, int piece) {
        StringBuilder text = new StringBuilder();
        while (text.length() < talking.requestBytes) {
            int length = Math.min(piece, dialogue.fill(talking, text.length(), buffer));
            byte[] bytes = new byte[length];
            buffer.bytes().get(0, bytes);
            text.append(new String(bytes, StandardCharsets.ISO_8859_1));
        }
        return text.toString();
    }

    private Progress hears(ScriptDialogue dialogue, Talking talking, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        buffer.bytes().clear().put(bytes);
        return dialogue.received(talking, buffer, bytes.length);
    }

    /** Goes through turns that need nothing from the peer. */
    private static Progress asked(ScriptDialogue dialogue, Talking talking) {
        Progress progress = dialogue.asked(talking);
        while (progress == Progress.TURN) {
            dialogue.turn(talking);
            progress = dialogue.asked(talking);
        }
        return progress;
    }

    private Progress talk(ScriptDialogue dialogue, Talking talking, List<String> pieces) {
        dialogue.begin(talking, false);
        Progress progress = asked(dialogue, talking);
        for (String piece : pieces) {
            if (progress != Progress.MORE) {
                break;
            }
            progress = hears(dialogue, talking, piece);
            if (progress == Progress.TURN) {
                dialogue.turn(talking);
                progress = asked(dialogue, talking);
            }
        }
        return progress;
    }

    private static List<String> inPieces(String text, int bytes) {
        List<String> pieces = new ArrayList<>();
        for (int at = 0; at < text.length(); at += bytes) {
            pieces.add(text.substring(at, Math.min(text.length(), at + bytes)));
        }
        return pieces;
    }

    private static final String EVERYTHING = """
            - send: a
            - expect: "+PONG\\r\\n"
            - {name: line, expect: {until: "\\r\\n.\\r\\n", match: '^2[0-9]+'}}
            - send: b
            - {name: count, expect: {bytes: 5, match: {literal: "el"}}}
            - expect: {length: {at: 1, bytes: 2, adds: 1}}
            - expect: {length: {bytes: 4, endian: little}, match: xyz$}
            """;
    private static final String ANSWER = "+PONG\r\n200 \r\n.\r.\r\n.\r\nhello!\0\5abc\3\0\0\0xyz";

    @Test
    void anAnswerInAnyPiecesIsTheSameAnswer() {
        ScriptDialogue dialogue = dialogue(EVERYTHING);
        for (int bytes = 1; bytes <= ANSWER.length(); bytes++) {
            Talking talking = new Talking(bytes);
            assertThat(talk(dialogue, talking, inPieces(ANSWER, bytes)))
                    .as("pieces of %d bytes", bytes)
                    .isEqualTo(Progress.COMPLETE);
            assertThat(talking.steps).containsExactly(0, 1);
            dialogue.ended(talking);
        }
        for (int cut = 1; cut < ANSWER.length(); cut++) {
            List<String> pieces = List.of(ANSWER.substring(0, cut), ANSWER.substring(cut));
            assertThat(talk(dialogue, new Talking(cut), pieces)).isEqualTo(Progress.COMPLETE);
        }
    }

    /** SMTP's and FTP's several lines of one answer, IMAP's untagged lines before the tagged one. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "'^[0-9]{3} ' ~ 250-a.example|250-SIZE 250 |250 HELP|",
                "'^[0-9]{3} ' ~ 220 (vsFTPd 3.0.5)|",
                "'^a1 ' ~ * 4 EXISTS a1 |* OK [UNSEEN 2]|a1 OK [READ-WRITE] done|",
                "'^END$' ~ VALUE x 0 3|ENDS|END|",
            })
    void anAnswerMayBeLinesOfWhichTheLastIsKnown(String last, String lines) {
        ScriptDialogue dialogue = dialogue("- expect: {lastLine: " + last + "}\n- expect: z\n");
        for (String end : List.of("\r\n", "\n")) {
            String answer = lines.replace("|", end) + "z";
            for (int bytes = 1; bytes <= answer.length(); bytes++) {
                Talking talking = new Talking(bytes);
                assertThat(talk(dialogue, talking, inPieces(answer, bytes)))
                        .as("pieces of %d bytes", bytes)
                        .isEqualTo(Progress.COMPLETE);
                dialogue.ended(talking);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'{bytes: 1}', 3, abc",
        "'{at: 0, bytes: 1, adds: 1}', 3, abc",
        "'{at: 0, bytes: 1, adds: 0}', 4, abc",
        "'{at: 0, bytes: 1, adds: -2}', 6, abc",
    })
    void aLengthCountsWhatFollowsUnlessItAddsSomethingElse(String length, int number, String rest) {
        ScriptDialogue dialogue = dialogue("- expect: {length: " + length + "}\n- expect: z\n");

        assertThat(talk(dialogue, new Talking(0), List.of((char) number + rest + "z")))
                .isEqualTo(Progress.COMPLETE);
    }

    @Test
    void aMutatedAnswerIsWholeOrNotOrAnotherAndNeverAFault() {
        ScriptDialogue dialogue = dialogue(EVERYTHING);
        int corrupted = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            Random random = new Random(i);
            StringBuilder text = new StringBuilder(ANSWER);
            for (int flaws = 1 + random.nextInt(3); flaws > 0; flaws--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(4)) {
                    case 0 -> text.setCharAt(at, (char) random.nextInt(256));
                    case 1 -> text.insert(at, (char) random.nextInt(256));
                    case 2 -> text.delete(at, at + 1);
                    default -> text.append(text.substring(at));
                }
            }
            Talking talking = new Talking(i);
            Progress progress = talk(dialogue, talking, inPieces(text.toString(), 1 + random.nextInt(20)));
            assertThat(progress).isIn(Progress.MORE, Progress.COMPLETE, Progress.CORRUPTED);
            if (progress == Progress.CORRUPTED) {
                corrupted++;
                assertThat(dialogue.mismatch())
                        .startsWith("expected ")
                        .contains(" and got ")
                        .hasSizeLessThan(700);
            }
            dialogue.ended(talking);
        }
        assertThat(corrupted).isBetween(MUTATIONS / 4, MUTATIONS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "expect: '+PONG\\r\\n' ~ -ERR bad ~ expected \"+PONG\\r\\n\" and got \"-ERR bad\"",
                "expect: '+PONG\\r\\n' ~ +PEN ~ expected \"+PONG\\r\\n\" and got \"+PEN\"",
                "expect: {until: ';', match: ^2} ~ 500; ~ expected an answer of at most 65536"
                        + " bytes that ends with \";\" that matches ^2 and got \"500;\"",
                "expect: {bytes: 2, match: {literal: ok}} ~ no ~ expected 2 bytes with \"ok\" in it and got \"no\"",
                "expect: {until: ';', atMost: 4B} ~ abcdef ~ expected an answer of at most 4 bytes that ends with \";\" and got \"abcdef\"",
                "expect: {length: {bytes: 1, atMost: 9B}} ~ zzz ~ expected an answer of at"
                        + " most 9 bytes by its length in bytes 0 to 0 and got \"zzz\"",
            })
    void aMismatchSaysWhatWasExpectedAndWhatCame(String step, String answer, String words) {
        ScriptDialogue dialogue = dialogue("- " + step + "\n");

        assertThat(talk(dialogue, new Talking(0), List.of(answer))).isEqualTo(Progress.CORRUPTED);
        assertThat(dialogue.mismatch()).isEqualTo(words);
        if (answer.length() > 3 && !step.contains("atMost")) {
            talk(dialogue, new Talking(1), inPieces(answer, 1));
            assertThat(dialogue.mismatch())
                    .as("byte by byte")
                    .startsWith(words.substring(0, words.indexOf(" and got")));
        }
    }

    @Test
    void aLongAnswerIsShownWhereItBeginsToDiffer() {
        String right = "x".repeat(100) + "12345678right" + "y".repeat(100);
        String wrong = "x".repeat(100) + "12345678wrong" + "y".repeat(100);
        ScriptDialogue dialogue = dialogue("- expect: " + right + "\n");
        String words = "expected \"12345678right" + "y".repeat(47) + "…\" from byte 100 on and got \"12345678wrong";

        for (int bytes : List.of(1_000, 107, 30)) {
            assertThat(talk(dialogue, new Talking(bytes), inPieces(wrong, bytes)))
                    .isEqualTo(Progress.CORRUPTED);
            assertThat(dialogue.mismatch()).as("pieces of %d bytes", bytes).startsWith(words);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"''", "'^'", "'$'"})
    void anExpressionOfNothingIsFoundInEveryAnswer(String nothing) {
        ScriptDialogue dialogue =
                dialogue("- expect: {until: ';', match: " + nothing + "}\n- expect: {lastLine: " + nothing + "}\n");

        assertThat(talk(dialogue, new Talking(0), List.of("ab;c\n"))).isEqualTo(Progress.COMPLETE);
        assertThat(talk(dialogue, new Talking(1), inPieces("ab;c\n", 1))).isEqualTo(Progress.COMPLETE);
    }

    @Test
    void linesWhoseLastOneIsAnotherOrNeverComesAreSaidWithWhatWasExpected() {
        ScriptDialogue login = dialogue("- expect: {lastLine: '^[0-9]+ ', match: (?m)^230}\n");
        assertThat(talk(login, new Talking(0), List.of("530 Login incorrect\r\n")))
                .isEqualTo(Progress.CORRUPTED);
        assertThat(login.mismatch())
                .isEqualTo("expected an answer of at most 65536 bytes whose last line matches '^[0-9]+ '"
                        + " that matches (?m)^230 and got \"530 Login incorrect\\r\\n\"");

        ScriptDialogue endless = dialogue("- expect: {lastLine: ^x, atMost: 4B}\n");
        assertThat(talk(endless, new Talking(0), List.of("a\nb\nx\n"))).isEqualTo(Progress.CORRUPTED);
        assertThat(endless.mismatch()).startsWith("expected an answer of at most 4 bytes whose last line matches '^x'");
    }

    @Test
    void unprintableAndLongAnswersAreShownEscapedAndShort() {
        ScriptDialogue dialogue = dialogue("- expect: {bytes: 200, match: no}\n");

        talk(dialogue, new Talking(0), List.of("\0\u001b\u00ff\"\\" + "x".repeat(195)));

        assertThat(dialogue.mismatch())
                .isEqualTo("expected 200 bytes that matches no and got \"\\x00\\x1b\\xff\\\"\\\\" + "x".repeat(55)
                        + "…\"");
    }

    @Test
    void whatComesEarlyIsKeptForWhatIsExpectedNext() {
        ScriptDialogue dialogue = dialogue("- expect: {bytes: 2}\n- send: x\n- expect: {bytes: 3}\n");
        Talking talking = new Talking(0);
        dialogue.begin(talking, false);
        assertThat(asked(dialogue, talking)).isEqualTo(Progress.MORE);
        assertThat(hears(dialogue, talking, "abcdefg")).isEqualTo(Progress.TURN);
        dialogue.turn(talking);
        assertThat(dialogue.asked(talking)).isEqualTo(Progress.COMPLETE);

        dialogue.begin(talking, false);
        assertThat(asked(dialogue, talking)).as("fg has come already").isEqualTo(Progress.MORE);
        assertThat(hears(dialogue, talking, "hij")).isEqualTo(Progress.COMPLETE);
    }

    @Test
    void noPeerFillsTheMemory() {
        ScriptDialogue dialogue = dialogue("- expect: {until: '\\r\\n'}\n");
        Talking talking = new Talking(0);
        dialogue.begin(talking, false);
        asked(dialogue, talking);
        Progress progress = Progress.MORE;
        int sent = 0;
        while (progress == Progress.MORE && sent < 1 << 20) {
            progress = hears(dialogue, talking, "x".repeat(1000));
            sent += 1000;
        }
        assertThat(progress).isEqualTo(Progress.CORRUPTED);
        assertThat(sent).isBetween(65_000, 67_000);

        int unasked = 0;
        Talking other = new Talking(1);
        byte[] bytes = new byte[1000];
        buffer.bytes().clear().put(bytes);
        while (dialogue.tolerates(other, buffer, bytes.length)) {
            unasked += bytes.length;
        }
        assertThat(unasked).isLessThanOrEqualTo(Talk.MOST_EARLY);
        assertThat(dialogue.mismatch()).isEqualTo("more than 64KiB came before it was expected");
    }

    @Test
    void variablesAreFilledInAndRepeatWithTheSeed() {
        ScriptDialogue dialogue = dialogue("""
                - send: '${index}|${exchange}|${member}|${random:5-9}|${random:hex:20}|${random:1-1000000}|${time}\\n'
                - expect: "${index}.${member}"
                """);
        Talking talking = new Talking(41);
        talking.exchange = 3;
        dialogue.begin(talking, false);

        String text = said(dialogue, talking, 1 << 16);

        assertThat(text).matches("41\\|3\\|mem\\|[5-9]\\|[0-9a-f]{20}\\|[0-9]{1,7}\\|[0-9]{13}\n");
        for (int piece = 1; piece < 20; piece++) {
            assertThat(said(dialogue, talking, piece))
                    .as("sent in pieces of %d", piece)
                    .isEqualTo(text);
        }
        dialogue.asked(talking);
        assertThat(hears(dialogue, talking, "41.mem")).isEqualTo(Progress.COMPLETE);
        talking.exchange = 4;
        dialogue.begin(talking, false);
        assertThat(said(dialogue, talking, 1 << 16).substring(0, 40)).isNotEqualTo(text.substring(0, 40));
        talking.exchange = 3;
        dialogue.begin(talking, false);
        assertThat(said(dialogue, talking, 1 << 16).substring(0, 40)).isEqualTo(text.substring(0, 40));
    }

    @Test
    void sendsInARowAreOneTurnUnlessOneHasAName() {
        ScriptDialogue dialogue = dialogue("""
                - send: a
                - send: b
                - {name: third, send: c}
                - send: d
                - expect: x
                """);
        Talking talking = new Talking(0);
        List<String> turns = new ArrayList<>();
        dialogue.begin(talking, false);
        turns.add(said(dialogue, talking, 9));
        while (dialogue.asked(talking) == Progress.TURN) {
            dialogue.turn(talking);
            turns.add(said(dialogue, talking, 9));
        }
        assertThat(turns).containsExactly("ab", "c", "d");
        assertThat(talking.steps).containsExactly(0);
    }

    /** Whole and split answers, early ones, numbers, random digits and literal matches; only an expression of RE2/J may allocate. */
    @Test
    void anExchangeAllocatesNothing() {
        ScriptDialogue dialogue = dialogue("""
                - send: 'get ${index} ${exchange} ${random:1-99} ${random:hex:16} ${time}\\r\\n'
                - expect: {until: "\\r\\n", match: '^VALUE'}
                - expect: {bytes: 4, match: {literal: '${member}'}}
                - expect: {length: {bytes: 1}}
                - send: x
                - expect: "done\\r\\n"
                """);
        byte[] first = "VALUE 1\r\nmem.\2a".getBytes(StandardCharsets.ISO_8859_1);
        byte[] second = "bdone\r\n".getBytes(StandardCharsets.ISO_8859_1);
        Buffer output = new Buffer(1 << 16);
        Talking talking = new Talking(7);
        com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        long before = 0;
        for (int i = 0; i < 2 * EXCHANGES; i++) {
            if (i == EXCHANGES) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
            talking.exchange = i;
            dialogue.begin(talking, false);
            dialogue.fill(talking, 0, output);
            Progress progress = dialogue.asked(talking);
            buffer.bytes().clear().put(first);
            progress = progress == Progress.MORE ? dialogue.received(talking, buffer, first.length) : progress;
            buffer.bytes().clear().put(second);
            progress = progress == Progress.MORE ? dialogue.received(talking, buffer, second.length) : progress;
            if (progress != Progress.TURN) {
                throw new AssertionError(progress + " " + dialogue.mismatch());
            }
            dialogue.turn(talking);
            dialogue.fill(talking, 0, output);
            if (dialogue.asked(talking) != Progress.COMPLETE) {
                throw new AssertionError(dialogue.mismatch());
            }
            if (i % 10 == 0) {
                dialogue.ended(talking); // the next one is another connection
            }
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated).as("bytes for %d exchanges", EXCHANGES).isLessThan(EXCHANGES);
    }

    @Test
    void aCloseThatIsExpectedCompletesTheAnswer() {
        ScriptDialogue dialogue = dialogue("- expect: {close: true, match: bye}\n");
        Talking talking = new Talking(0);
        dialogue.begin(talking, false);
        dialogue.asked(talking);
        assertThat(hears(dialogue, talking, "good b")).isEqualTo(Progress.MORE);
        assertThat(hears(dialogue, talking, "ye")).isEqualTo(Progress.MORE);
        assertThat(dialogue.receivedEnd(talking)).isEqualTo(Progress.CLOSED);

        Talking other = new Talking(1);
        dialogue.begin(other, false);
        dialogue.asked(other);
        assertThat(dialogue.receivedEnd(other)).isEqualTo(Progress.CORRUPTED);
        assertThat(dialogue.mismatch())
                .isEqualTo("expected an answer that the peer's close ends that matches bye and got nothing");
    }

    @Test
    void anOpeningAndAFarewellArePartsOfTheirOwn() {
        ScriptDialogue dialogue =
                dialogue("- send: hello\n- loop: [{send: x}, {expect: y}]\n- last: [{pause: 5ms}, {send: bye}]\n");
        Talking talking = new Talking(0);

        assertThat(dialogue.has(Part.OPENING)).isTrue();
        assertThat(dialogue.speaksFirst()).isTrue();
        dialogue.begin(talking, Part.OPENING);
        assertThat(said(dialogue, talking, 9)).isEqualTo("hello");
        assertThat(dialogue.asked(talking)).isEqualTo(Progress.COMPLETE);
        dialogue.begin(talking, true);
        assertThat(dialogue.hasSaidAll(talking)).isFalse();
        dialogue.begin(talking, Part.FAREWELL);
        assertThat(dialogue.pauseNanos(talking)).isEqualTo(5_000_000);
        assertThat(dialogue.hasSaidAll(talking)).isTrue();
    }
}
