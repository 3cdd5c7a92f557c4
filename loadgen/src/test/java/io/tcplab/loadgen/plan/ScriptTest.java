package io.tcplab.loadgen.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tcplab.loadgen.plan.Script.Expect;
import io.tcplab.loadgen.plan.Script.Send;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class ScriptTest {

    private static final String HEAD = "load: {closed: {concurrency: 1}}\nmix: [{name: a}]\nprotocol:\n  script:\n";

    private static Profile read(String steps) {
        return ProfileReader.read("p.yaml", HEAD + steps.indent(4), List.of());
    }

    private static Script script(String steps) {
        Profile profile = read(steps);
        assertThat(ProfileReader.read("p.yaml", ProfileWriter.write(profile), List.of()))
                .as("written and read again")
                .isEqualTo(profile);
        return (Script) profile.protocol();
    }

    private static String fault(String steps) {
        return assertThatExceptionOfType(ProfileError.class)
                .isThrownBy(() -> read(steps))
                .actual()
                .getMessage();
    }

    private static byte[] sent(String text) {
        Script script = script("- send: " + text + "\n- expect: x\n");
        return ((Send) script.exchange().getFirst()).bytes().bytes();
    }

    @Test
    void whatStandsBeforeTheLoopIsSaidOnceAndTheLastStepsAreSaidAtTheEnd() {
        Script script = script("""
                - expect: {until: "\\r\\n", match: "^220 "}
                - send: "HELO\\r\\n"
                - loop:
                    - send: "NOOP\\r\\n"
                    - {name: noop, expect: {until: "\\r\\n", match: {literal: "250"}}}
                    - pause: 10ms
                - last:
                    - send: "QUIT\\r\\n"
                    - expect: {close: true}
                """);

        assertThat(script.opening()).hasSize(2);
        assertThat(script.exchange()).hasSize(3);
        assertThat(script.farewell()).hasSize(2);
        assertThat(script.stepNames()).containsExactly("noop");
    }

    @Test
    void withoutALoopTheWholeListIsTheExchange() {
        Script script = script("- send: PING\n- expect: {bytes: 4}\n- last: [{send: QUIT}]\n");

        assertThat(script.opening()).isEmpty();
        assertThat(script.exchange()).hasSize(2);
        assertThat(script.farewell()).hasSize(1);
    }

    @Test
    void everyFramerIsReadAndWritten() {
        Script script = script("""
                - send: {hex: "16 03:01 FF"}
                - expect: {until: '\\0', atMost: 1kB}
                - expect: {lastLine: '^[0-9]+ ', atMost: 1kB}
                - expect: {bytes: 3}
                - expect: {length: {at: 1, bytes: 2, endian: little, adds: -3, atMost: 1k}, match: 'a+'}
                - expect: {hex: "00ff"}
                - expect: "exactly ${index}"
                - expect: {close: true, match: '(?s)end'}
                """);

        assertThat(script.exchange()).hasSize(8);
        assertThat(((Send) script.exchange().getFirst()).bytes().bytes()).containsExactly(0x16, 3, 1, 0xFF);
        assertThat(((Expect) script.exchange().get(4)).framing())
                .isEqualTo(new Script.Length(1, 2, Script.Endian.LITTLE, -3, 1_024));
    }

    @Test
    void escapesAreBytesWhetherYamlKnowsThemOrNot() {
        assertThat(sent("'\\r\\n\\t\\0\\\\\\xff\\$'")).containsExactly('\r', '\n', '\t', 0, '\\', 0xFF, '$');
        assertThat(sent("\"\\r\\n\\t\\0\\x04\\xd2\\x16/\"")).containsExactly('\r', '\n', '\t', 0, 4, 0xD2, 0x16, '/');
    }

    @Test
    void aFileIsFoundBesideTheProfileAndKeptAsItIs(@TempDir Path directory) throws IOException {
        Files.write(directory.resolve("body.bin"), new byte[] {1, 2, (byte) 0xFE});
        Path file = directory.resolve("p.yaml");
        Files.writeString(file, HEAD + "    - send: {file: body.bin}\n    - expect: {file: body.bin}\n");

        Profile profile = ProfileReader.read(file, List.of());
        Files.delete(directory.resolve("body.bin"));

        assertThat(((Send) ((Script) profile.protocol()).exchange().getFirst())
                        .bytes()
                        .bytes())
                .containsExactly(1, 2, 0xFE);
        assertThat(ProfileReader.read("p.yaml", ProfileWriter.write(profile), List.of()))
                .isEqualTo(profile);
    }

    @Test
    void aFileThatCannotBeSentIsRefused(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("p.yaml");
        Files.writeString(file, HEAD + "    - send: {file: body.bin}\n    - expect: x\n");
        assertThat(ProfileReader.faults(file, List.of()).getFirst())
                .endsWith("p.yaml:5:20: protocol.script.0.send.file: does not exist: \"body.bin\"");
        Files.write(directory.resolve("body.bin"), new byte[(1 << 18) + 1]);
        assertThat(ProfileReader.faults(file, List.of()).getFirst()).endsWith("is larger than 256KiB");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "- loop: [{send: x}] ~ p.yaml:5:13: protocol.script.0.loop: has no expect; an exchange ends with an answer",
                "- pause: 1ms ~ has no expect",
                "- send: '${indx}' ~ p.yaml:5:13: protocol.script.0.send: has the unknown variable ${indx}; did you mean index?",
                "- send: '${nothing}' ~ known are index, exchange, member, time, random:1-1000, random:hex:16",
                "- send: '${index' ~ has ${ without a }",
                "- send: '${random:9-1}' ~ whose first number is the greater one",
                "- send: '${random:hex:9999}' ~ gives 1 to 4096 digits",
                "- send: 'a\\qb' ~ has the escape",
                "- send: 'a\\xg0' ~ has \\x without two hexadecimal digits",
                "- send: '€' ~ which is not one byte",
                "- send: '' ~ is empty",
                "- send: {hex: 123} ~ must be pairs of hexadecimal digits",
                "- send: {hex: 12, file: x} ~ must have exactly one of hex and file",
                "- sned: x ~ did you mean send?",
                "- {send: x, expect: y} ~ must have exactly one of send, expect and pause",
                "- {name: x} ~ must have exactly one of send, expect and pause",
                "- expect: {until: '', match: x} ~ is empty",
                "- expect: {until: '${index}'} ~ must be without variables",
                "- expect: {bytes: 3GB} ~ is out of range; it must be from 1B to 1GiB",
                "- expect: {bytes: 2MiB, match: x} ~ is more than the 1MiB that match can look into",
                "- expect: {length: {atMost: 3GB}} ~ is out of range; it must be from 1B to 1GiB",
                "- expect: {length: {at: 9, bytes: 4, atMost: 12B}} ~ is less than the bytes that end with the length",
                "- expect: {until: 'end', atMost: 2B} ~ is less than the bytes of until",
                "- expect: {length: {bytes: 9}} ~ from 1 to 8",
                "- expect: {length: {bytes: 1, adds: -255}} ~ script.0.expect.length.adds: makes every length impossible",
                "- expect: {length: {adds: 13, atMost: 12B}} ~ makes every length impossible",
                "- expect: {length: {adds: 99999999}} ~ must be a whole number from -65536 to 65536",
                "- expect: {match: x} ~ must have exactly one of until, lastLine, bytes, length, close, hex, file",
                "- expect: {until: x, lastLine: y} ~ not until and lastLine",
                "- expect: {lastLine: '(a'} ~ is not an expression of RE2: missing closing )",
                "- expect: {until: x, bytes: 3} ~ not until and bytes",
                "- expect: {until: x, match: '(a'} ~ is not an expression of RE2: missing closing )",
                "- expect: {until: x, match: '(?=a)'} ~ is not an expression of RE2",
                "- expect: {bytes: 3, atMost: 5B} ~ has no effect without until",
                "- expect: {hex: 00, match: x} ~ has no effect where the whole answer is given",
                "- expect: {close: false} ~ must be true",
                "- expect: 'at ${time}' ~ has a variable that is another each time",
                "- {name: a b, send: x} ~ a name of at most 64 letters",
                "- {name: x, loop: [{expect: x}]} ~ has no effect beside loop",
                "- last: [{send: x}] ~ has no expect",
            })
    void nonsenseIsRefusedInASentence(String step, String sentence) {
        assertThat(fault(step + "\n")).contains(sentence);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{bytes: 1, adds: -254}", "{bytes: 8, adds: -65536}", "{at: 8, adds: 12, atMost: 12B}"})
    void aLengthThatAnAnswerCanHaveIsTaken(String length) {
        Profile profile = read("- expect: {length: " + length + "}\n");
        assertThat(profile.protocol()).isInstanceOf(Script.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "- loop: [{expect: x}]\n- loop: [{expect: x}]\n",
                "- loop: [{expect: x}]\n- send: x\n",
                "- last: [{send: x}]\n- expect: x\n",
                "- expect: {close: true}\n- send: x\n",
                "- expect: {close: true}\n- loop: [{expect: x}]\n",
                "- expect: {close: true}\n- last: [{send: x}]\n",
                "- loop: [{loop: [{expect: x}]}]\n",
                "[]\n",
                "hello\n",
            })
    void anOrderThatCannotBeIsRefused(String steps) {
        assertThat(fault(steps)).startsWith("p.yaml:").doesNotContain("Exception");
    }

    @Test
    void theStepsMayStandBesideTheProtocolOrInAMember() {
        String steps = "[{send: a}, {expect: b}]";
        Profile beside = ProfileReader.read(
                "p.yaml",
                "load: {closed: {concurrency: 1}}\nmix: [{name: a}]\nprotocol: script\nscript: " + steps + "\n",
                List.of());
        Profile member = ProfileReader.read(
                "p.yaml",
                "load: {closed: {concurrency: 1}}\nmix: [{name: a, script: " + steps + ", exchanges: 3}]\n",
                List.of());

        assertThat(member.protocolOf(member.mix().getFirst())).isEqualTo(beside.protocol());
        assertThatExceptionOfType(ProfileError.class)
                .isThrownBy(() -> ProfileReader.read(
                        "p.yaml", "load: {closed: {concurrency: 1}}\nmix: [{name: a}]\nprotocol: script\n", List.of()))
                .withMessage("p.yaml:3:11: protocol: needs a list of steps under the key script");
    }

    @Test
    void anExchangeThatEndsByTheCloseIsTheOnlyOne() {
        String yaml = "load: {closed: {concurrency: 1}}\nmix: [{name: a, exchanges: 2}]\n"
                + "protocol: {script: [{send: x}, {expect: {close: true}}]}\n";

        assertThatExceptionOfType(ProfileError.class)
                .isThrownBy(() -> ProfileReader.read("p.yaml", yaml, List.of()))
                .withMessageContaining("must be 1, as the script expects the peer to close");
    }
}
