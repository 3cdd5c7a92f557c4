package io.tcplab.loadgen.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tcplab.companion.AcceptSettings;
import io.tcplab.companion.protocol.CloseStyle;
import io.tcplab.kernel.Side;
import io.tcplab.loadgen.plan.Load.Arrivals;
import io.tcplab.loadgen.plan.Load.RateSegment;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ProfileReaderTest {

    private static final String LEAST = "load: {closed: {concurrency: 10}}\nmix:\n  - {name: short}\n";
    private static final long SECOND = 1_000_000_000L;

    private static Profile read(String yaml) {
        return ProfileReader.read("p.yaml", yaml, List.of());
    }

    private static String fault(String yaml) {
        return assertThatExceptionOfType(ProfileError.class)
                .isThrownBy(() -> read(yaml))
                .actual()
                .getMessage();
    }

    @Test
    void theLeastProfileGetsEveryDefault() {
        Profile profile = read(LEAST);

        assertThat(profile.name()).isEqualTo("p");
        assertThat(profile.target()).isNull();
        assertThat(profile.warmupNanos()).isZero();
        assertThat(profile.durationNanos()).isEqualTo(10 * SECOND);
        assertThat(profile.connections()).isEqualTo(Profile.UNLIMITED);
        assertThat(profile.seed()).isNull();
        assertThat(profile.load()).isEqualTo(new Load.Closed(10));
        assertThat(profile.protocol()).isEqualTo(new Protocol.Tcplab());
        assertThat(profile.observeIntervalNanos()).isEqualTo(SECOND / 10);
        assertThat(profile.server()).isEqualTo(ServerOptions.DEFAULTS);
        assertThat(profile.mix().getFirst())
                .isEqualTo(new MixMember(
                        "short",
                        1,
                        new Quantity.Constant(1),
                        new Quantity.Constant(64),
                        new Quantity.Constant(64),
                        new Quantity.Constant(0),
                        null,
                        false,
                        Close.CLIENT_FIN,
                        null,
                        null));
        ClientOptions client = profile.client();
        assertThat(client.optimistic() && client.nodelay() && client.bindAddressNoPort())
                .isTrue();
        assertThat(client.connectTimeoutNanos()).isEqualTo(5 * SECOND);
        assertThat(client.keepaliveProbe()).isNull();
    }

    @Test
    void aMemberMaySpeakAProtocolOfItsOwn() {
        Profile profile = read("""
                load: {closed: {concurrency: 10}}
                protocol: echo
                mix:
                  - {name: plain, request: 10B}
                  - {name: page, http: {path: /x}}
                  - {name: same, protocol: {http: {path: /y}}, exchanges: 3}
                  - {name: silent, protocol: none}
                """);
        List<MixMember> mix = profile.mix();

        assertThat(mix.stream().map(profile::protocolOf))
                .containsExactly(
                        new Protocol.Echo(),
                        Requests.get("/x", Map.of()),
                        Requests.get("/y", Map.of()),
                        new Protocol.None());
        assertThat(mix.getLast().exchanges()).isEqualTo(new Quantity.Constant(0));
        assertThat(read(ProfileWriter.write(profile))).isEqualTo(profile);
    }

    @Test
    void connectionsAloneEndTheRun() {
        Profile profile = read(LEAST + "connections: 10k\n");

        assertThat(profile.connections()).isEqualTo(10_000);
        assertThat(profile.durationNanos()).isEqualTo(Profile.UNLIMITED);
    }

    @Test
    void everyKeyIsRead() {
        Profile profile = read(EveryKey.YAML);

        assertThat(profile.target()).isNull();
        assertThat(profile.seed()).isEqualTo(-7L);
        assertThat(profile.load())
                .isEqualTo(new Load.Open(List.of(new RateSegment(5000, 5000, Long.MAX_VALUE)), Arrivals.POISSON));
        MixMember member = profile.mix().getFirst();
        assertThat(member.exchanges()).isEqualTo(new Quantity.Uniform(5, 10));
        assertThat(member.requestBytes()).isEqualTo(new Quantity.Uniform(64, 1024));
        assertThat(member.responseBytes()).isEqualTo(new Quantity.Exponential(4096));
        assertThat(member.thinkNanos()).isEqualTo(new Quantity.Uniform(SECOND / 100, SECOND / 20));
        assertThat(member.lifetimeNanos()).isEqualTo(new Quantity.Constant(2 * SECOND));
        assertThat(member.close()).isEqualTo(new Close(Side.SERVER, CloseStyle.LINGER, 2, true));
        assertThat(profile.client().sources())
                .extracting(InetAddress::getHostAddress)
                .containsExactly(
                        "0:0:0:0:0:0:0:1", "fd00:0:0:0:0:0:0:10", "fd00:0:0:0:0:0:0:11", "fd00:0:0:0:0:0:0:12");
        assertThat(profile.mix().getLast().close()).isEqualTo(new Close(Side.CLIENT, CloseStyle.FIN, 0, false));
        assertThat(profile.client().userTimeoutMillis()).isEqualTo(1500);
        assertThat(profile.client().keepaliveProbe()).isEqualTo(new ClientOptions.KeepaliveProbe(30, 5, 3));
        assertThat(profile.server())
                .isEqualTo(
                        new ServerOptions(new AcceptSettings(16, 1_000_000, true, 2, false, 8192, 9216, 3, 256), null));
        assertThat(profile.clientSysctls()).isEqualTo(Map.of("net.ipv4.tcp_tw_reuse", "1"));
        assertThat(profile.serverSysctls()).isEqualTo(Map.of("net.ipv4.tcp_rmem", "4096 87380 6291456"));
        assertThat(ProfileReader.read("q.yaml", ProfileWriter.write(profile), List.of()))
                .isEqualTo(profile);
    }

    @Test
    void aRampGoesFromTheRateBeforeAndTheRunLastsAsLong() {
        Profile profile = read("""
                load: {open: {ramp: [{rate: 100/s, for: 5s}, {rate: 0, for: 1s}]}}
                mix: [{name: short}]
                """);

        assertThat(profile.load())
                .isEqualTo(new Load.Open(
                        List.of(new RateSegment(0, 100, 5 * SECOND), new RateSegment(100, 0, SECOND)),
                        Arrivals.CONSTANT));
        assertThat(profile.durationNanos()).isEqualTo(6 * SECOND);
    }

    @Test
    void theLastStepHoldsWhenTheRunLastsLonger() {
        Profile profile = read("""
                duration: 20s
                load: {open: {steps: [{rate: 100/s, for: 5s}, {rate: 300/min, for: 5s}]}}
                mix: [{name: short}]
                """);

        assertThat(((Load.Open) profile.load()).segments())
                .containsExactly(
                        new RateSegment(100, 100, 5 * SECOND),
                        new RateSegment(5, 5, 5 * SECOND),
                        new RateSegment(5, 5, Long.MAX_VALUE));
        assertThat(ProfileReader.read("p.yaml", ProfileWriter.write(profile), List.of()))
                .isEqualTo(profile);
    }

    @Test
    void anExponentialRequestIsNeverSmallerThanItsHeader() {
        Quantity request = read("load: {closed: {concurrency: 1}}\nmix: [{name: a, request: {exponential: 20B}}]\n")
                .mix()
                .getFirst()
                .requestBytes();

        assertThat(request.draw(-1L)).isEqualTo(16);
        assertThat(request.draw(0)).isEqualTo(400);
    }

    @Test
    void httpIsReadInBothSpellings() {
        Protocol beside = read(LEAST + "protocol: http\nhttp: {path: /x, headers: {Accept: \"*/*\"}}\n")
                .protocol();
        Protocol inside = read(LEAST + "protocol: {http: {path: /x, headers: {Accept: \"*/*\"}}}\n")
                .protocol();

        assertThat(beside)
                .isEqualTo(Requests.get("/x", Map.of("Accept", "*/*")))
                .isEqualTo(inside);
        assertThat(read(LEAST + "protocol: http\n").protocol()).isEqualTo(Requests.get("/", Map.of()));
    }

    @Test
    void filesOfTlsAreBesideTheProfileAndAbsoluteOnceRead(@TempDir Path home) {
        TlsOptions tls = ProfileReader.read(
                        home.resolve("p.yaml").toString(),
                        LEAST + "tls: {ca: certs/ca.pem, certificate: ./own.pem, key: /etc/own.key}\n",
                        List.of())
                .tls();
        assertThat(tls).isNotNull();
        assertThat(tls.ca()).isEqualTo(home.resolve("certs/ca.pem").toString());
        assertThat(tls.certificate()).isEqualTo(home.resolve("own.pem").toString());
        assertThat(tls.key()).isEqualTo("/etc/own.key");
        assertThat(ProfileReader.read(home.resolve("p.yaml").toString(), LEAST, List.of("tls.ca=ca.pem"))
                        .tls())
                .as("an option's file is where the program was started")
                .extracting(TlsOptions::ca)
                .isEqualTo(Path.of("ca.pem").toAbsolutePath().toString());
    }

    @Test
    void httpHasABodyAndAnExpectation(@TempDir Path home) throws IOException {
        Files.writeString(home.resolve("order.json"), "{}");
        Protocol.Http http =
                (Protocol.Http) ProfileReader.read(home.resolve("p.yaml").toString(), LEAST + """
                protocol:
                  http:
                    method: M-SEARCH
                    version: 1.0
                    body: {file: order.json}
                    expect: {status: [200, 4xx], body: "^ok"}
                """, List.of())
                        .protocol();
        assertThat(http.isVersion10()).isTrue();
        assertThat(http.method()).isEqualTo("M-SEARCH");
        assertThat(http.body())
                .isEqualTo(new HttpBody.FromFile(home.resolve("order.json"), new Octets(new byte[] {'{', '}'})));
        assertThat(http.expect().isExpected(200)).isTrue();
        assertThat(http.expect().isExpected(404)).isTrue();
        assertThat(http.expect().isExpected(204)).isFalse();
        assertThat(HttpExpectation.SUCCESS.isExpected(302)).isTrue();
        assertThat(HttpExpectation.SUCCESS.isExpected(500)).isFalse();

        assertThat(((Protocol.Http) read(LEAST + "protocol: {http: {body: {bytes: 10kB}}}\n")
                                .protocol())
                        .body())
                .isEqualTo(new HttpBody.Generated(10_000));
        assertThat(((Protocol.Http) read(LEAST + "protocol: {http: {body: \"é\"}}\n")
                                .protocol())
                        .body()
                        .length())
                .as("bytes of UTF-8")
                .isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "{body: {file: absent}}~there is no file \"absent\"",
                "{body: {file: .}}~is a directory",
                "{body: {file: /dev/zero}}~has more than 64 MiB",
                "{method: HEAD, expect: {body: x}}~a response to HEAD has none",
                "{body: {bytes: 65MiB}}~from 1B to 64MiB",
                "{expect: {body: '('}}~is no RE2 expression",
                "{expect: {status: []}}~no response could be as expected",
                "{expect: {status: 20}}~a status such as 200 or 2xx",
                "{version: 2}~1.0 or 1.1",
                "{method: CONNECT}~opens a tunnel",
                "{headers: {expect: 100-continue}}~has no effect without a body",
                "{version: 1.0, body: x, headers: {Expect: 100-continue}}~no effect with HTTP/1.0"
            })
    void anHttpRequestThatCannotBeIsRefused(String http, String sentence) {
        assertThat(fault(LEAST + "protocol: {http: " + http + "}\n")).contains(sentence);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "protocol: http\ntls: {alpn: h2}\nmix: [{name: a}]\n",
                "protocol: {http: {path: /x}}\ntls: {alpn: [h2, http/1.1]}\nmix: [{name: a}]\n",
                "protocol: echo\ntls: {alpn: [h2]}\nmix: [{name: a}, {name: b, protocol: http}]\n"
            })
    void http2IsNotOfferedForRequestsOfHttp1(String yaml) {
        assertThat(fault("load: {closed: {concurrency: 1}}\n" + yaml)).contains("tls.alpn: offers h2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "protocol: none\nmix: [{name: a}]\n",
                "protocol: echo\nmix: [{name: a}, {name: b, protocol: none}]\n"
            })
    void exchangesByTheClockNeedAProtocolThatHasSome(String yaml) {
        assertThat(fault("load: {requests: {rate: 10/s, connections: 2}}\n" + yaml))
                .startsWith("p.yaml:1:")
                .contains("protocol none has none");
    }

    @Test
    void otherProtocolsOfferWhatTheyLike() {
        String load = "load: {closed: {concurrency: 1}}\ntls: {alpn: [h2, http/1.1]}\n";
        assertThat(Objects.requireNonNull(read(load + "protocol: echo\nmix: [{name: a}]\n")
                                .tls())
                        .alpn())
                .containsExactly("h2", "http/1.1");
        assertThat(fault(load + "protocol: http\nmix: [{name: a}]\n")).startsWith("p.yaml:2:");
    }

    @Test
    void aFaultNamesItsPlaceItsPathAndTheNearestKey() {
        assertThat(fault("load: {closed: {concurency: 10}}\nmix: [{name: a}]\n"))
                .isEqualTo("p.yaml:1:17: load.closed: unknown key \"concurency\"; did you mean concurrency?");
        assertThat(fault(LEAST + "client:\n  nodelay: maybe\n"))
                .isEqualTo("p.yaml:5:12: client.nodelay: must be true or false, not \"maybe\"");
        assertThat(fault("mix: [{name: a}]\n"))
                .isEqualTo("p.yaml:1:1: the key load is missing: when connections start, such as {closed:"
                        + " {concurrency: 10}}; exactly one of open, closed, hold and requests");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "'{name: a, weight: 0}' ~ a weight must be above 0",
                "'{name: a, weight: -1}' ~ must be a number such as 80",
                "'{name: connect}' ~ is also the name of a figure",
                "'{name: 12}' ~ with a letter in it",
                "'{weight: 1}' ~ the key name is missing",
                "'{name: a, exchanges: 0}' ~ it must be from 1 to 1000000000",
                "'{name: a, exchanges: 10-5}' ~ write the smaller value first",
                "'{name: a, exchanges: {uniform: [1, 2, 3]}}' ~ must be two values",
                "'{name: a, exchanges: {uniform: [1, 2], constant: 1}}' ~ must have exactly one key",
                "'{name: a, request: 15B}' ~ it must be from 16B to 64MiB",
                "'{name: a, request: 65MiB}' ~ it must be from 16B to 64MiB",
                "'{name: a, response: 2GiB}' ~ it must be from 0B to 1GiB",
                "'{name: a, think: 10}' ~ 'must be a time such as 500us, 10ms, 2s or 1m, not \"10\"'",
                "'{name: a, think: 25h}' ~ it must be from 0s to 24h",
                "'{name: a, think: {exponential: 2h}}' ~ it must be from 1ns to 72m",
                "'{name: a, close: {how: linger}}' ~ linger needs a time",
                "'{name: a, close: {how: linger 0}}' ~ is an abort (RST); write rst",
                "'{name: a, close: {how: linger 61s}}' ~ it must be from 1s to 60s",
                "'{name: a, close: {how: rts}}' ~ did you mean rst?",
                "'{name: a, close: {by: sever}}' ~ did you mean server?",
                "'{name: a, close: {how: rst, awaitPeer: false}}' ~ requires by: client and how: fin",
                "'{name: a}, {name: a}' ~ is already used by an earlier member",
                "'' ~ is empty; it needs at least 1 element",
            })
    void aMemberThatCannotBeIsRefused(String members, String sentence) {
        assertThat(fault("load: {closed: {concurrency: 1}}\nmix: [" + members + "]\n"))
                .contains(sentence);
    }

    /** With a cookie at hand, connect(2) sends nothing: the SYN waits for the first request. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "none ~ true",
                "'{script: [{expect: hi}, {send: a}, {expect: b}]}' ~ true",
                "'{script: [{pause: 1s}, {loop: [{expect: hi}]}]}' ~ true",
                "'{script: [{pause: 1s}, {send: a}, {expect: b}]}' ~ false",
                "http ~ false"
            })
    void fastOpenIsRefusedWhereAConnectionBeginsWithoutARequest(String protocol, boolean refused) {
        String yaml = "load: {closed: {concurrency: 1}}\nmix: [{name: a}]\ntarget: 127.0.0.1:9\n"
                + "client: {fastOpen: true}\nprotocol: " + protocol + "\n";
        if (refused) {
            assertThat(fault(yaml)).contains("fastOpen sends the first request in the SYN");
        } else {
            assertThat(read(yaml).client().fastOpen()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "none ~ '{name: a, exchanges: 1}' ~ protocol none has no exchanges",
                "none ~ '{name: a, request: 64B}' ~ has no effect with protocol none",
                "tcplab ~ '{name: a, request: 64B, http: {path: /}}' ~ has no effect with protocol http",
                "tcplab ~ '{name: a, protocol: echo, http: {path: /}}' ~ has no effect with protocol echo; set protocol: http",
                "tcplab ~ '{name: a, protocol: ehco}' ~ did you mean echo",
                "none ~ '{name: a, close: {how: half-close}}' ~ half-close follows a request",
                "none ~ '{name: a, close: {by: server}}, {name: b}' ~ must close the same way",
                "none ~ '{name: a, close: {by: server}}, {name: b, close: {by: server, how: rst}}' ~ must close the same way",
                "echo ~ '{name: a, close: {by: server}}' ~ an echo request cannot ask the companion to close",
                "echo ~ '{name: a, response: 64B}' ~ has no effect with protocol echo",
                "http ~ '{name: a, close: {by: server, how: rst}}' ~ can be asked to close",
                "http ~ '{name: a, request: 64B}' ~ has no effect with protocol http",
                "htp ~ '{name: a}' ~ did you mean http?",
            })
    void aProtocolRefusesWhatItCannotCarry(String protocol, String members, String sentence) {
        String yaml = "load: {closed: {concurrency: 1}}\nprotocol: " + protocol + "\nmix: [" + members + "]\n";

        assertThat(fault(yaml)).contains(sentence);
    }

    @Test
    void aForeignEchoServerMayCloseByItself() {
        String mix =
                "load: {closed: {concurrency: 1}}\nprotocol: echo\nmix: [{name: a, request: 100B, close: {by: server}}]\n";

        MixMember member = read(mix + "target: localhost:7\n").mix().getFirst();

        assertThat(member.close().by()).isEqualTo(Side.SERVER);
        assertThat(member.responseBytes()).isEqualTo(member.requestBytes());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "duration: 10 ~ must be a time",
                "duration: 0s ~ it must be from 1ns to 24h",
                "duration: 25h ~ it must be from 1ns to 24h",
                "duration: 0.5ns ~ is out of range",
                "connections: 0 ~ it must be from 1 to 1000000000",
                "connections: 2.5 ~ is out of range",
                "connections: ~ has no value; it must be a whole number",
                "target: localhost ~ has no port; write HOST:PORT",
                "target: localhost:0 ~ has the port 0",
                "'target: \"[::x]:80\"' ~ other than an IPv6 address",
                "name: ../../etc ~ 'must be a name of at most 64'",
                "seed: 9223372036854775808 ~ must be a whole number from",
                "http: {} ~ has no effect with protocol tcplab",
                "sysctls: {client: {kernel.panic: 1}} ~ only net.* are",
                "client: {sources: 10.0.0.0/8} ~ the prefix must be from /24 to /32",
                "client: {sources: 127.0.0.9-127.0.0.1} ~ write the lower address first",
                "client: {sources: 127.0.0.1-127.2.0.1} ~ has more than 65536 addresses",
                "client: {sources: [127.0.0.1, 127.0.0.0/30]} ~ 127.0.0.1 is given twice",
                "'client: {sources: [127.0.0.1, \"::1\"]}' ~ mixes IPv4 and IPv6",
                "client: {sources: 0.0.0.0} ~ cannot be the source of a connection",
                "client: {sources: localhost} ~ must be an address, a range",
                "client: {keepaliveProbe: {idle: 1500ms}} ~ must be a whole number of seconds",
                "client: {eventLoops: 0} ~ it must be from 1 to 256",
                "server: {backlog: -1} ~ must be a whole number",
                "observe: {interval: 1us} ~ it must be from 1ms to 1h",
                "thresholds: connect.p99 < 5ms ~ must be a list",
                "laod: {} ~ did you mean load?",
                "? [a] : b ~ has a key that is not a word",
                "connections: &a 5 ~ uses a YAML anchor",
                "connections: *a ~ uses a YAML alias",
                "connections: !!int 5 ~ uses a YAML tag",
                "target: [::1]:9000 ~ an IPv6 target needs quotation marks",
                "'mix: []' ~ 'has the key \"mix\" twice, first in line 2'",
            })
    void aKeyThatCannotBeIsRefused(String line, String sentence) {
        assertThat(fault(LEAST + line + "\n")).startsWith("p.yaml:").contains(sentence);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "{} ~ is empty",
                "{open: {}} ~ 'exactly one of rate, steps and ramp, not none of them'",
                "'{open: {rate: 5/s, steps: []}}' ~ not 2 of them",
                "{open: {rate: 5k/x}} ~ 'must be a rate such as 5000/s, 5k/s or 300/min, not \"5k/x\"'",
                "{open: {rate: 0/s}} ~ rate must be above 0 and at most 10000000/s",
                "{open: {rate: 11M/s}} ~ rate must be above 0 and at most 10000000/s",
                "{open: {steps: []}} ~ it needs at least 1 element",
                "'{open: {ramp: [{rate: 0, for: 1s}]}}' ~ rate must be above 0",
                "'{open: {steps: [{rate: 5/s}]}}' ~ the key for is missing",
                "{closed: {concurrency: 1000001}} ~ it must be from 1 to 1000000",
                "'{closed: {concurrency: 1}, hold: {connections: 1}}' ~ 'must have exactly one key, not "
                        + "closed (p.yaml:1:8), hold (p.yaml:1:34)'",
            })
    void aLoadThatCannotBeIsRefused(String load, String sentence) {
        assertThat(fault("load: " + load + "\nmix: [{name: a}]\n")).contains(sentence);
    }

    @Test
    void ofAFileThatIsNotThereTheNearestIsNamed(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("keepalive.yaml"), "");
        assertThat(faultOf(directory.resolve("keepalive"))).endsWith("does not exist; did you mean " + file + "?");
        assertThat(faultOf(directory.resolve("kepalive.yaml"))).endsWith("does not exist; did you mean " + file + "?");
        assertThat(faultOf(directory.resolve("hold.yaml"))).endsWith("hold.yaml: does not exist");
    }

    @Test
    void whatIsNoProfileAtAllIsSaidToBeNone(@TempDir Path directory) throws IOException {
        assertThat(fault("")).isEqualTo("p.yaml: is empty; a profile needs at least load and mix");
        assertThat(fault("# only a comment\n")).contains("is empty");
        assertThat(fault("- a\n- b\n")).contains("must have keys and values");
        assertThat(fault("a: [")).startsWith("p.yaml:1:5: is not YAML: ");
        assertThat(fault("load:\n\tclosed: 5\n")).contains("indent with spaces");
        assertThat(fault("a: b\n---\nc: d\n")).contains("second document");
        assertThat(fault("a: " + "[".repeat(100_000))).contains("is nested more than 20 levels deep");
        assertThat(fault("\u0001")).contains("U+0001");
        assertThat(faultOf(directory)).contains("is a directory");
        assertThat(faultOf(directory.resolve("none.yaml"))).endsWith("none.yaml: does not exist");
        Path file = directory.resolve("file.yaml");
        Files.write(file, new byte[] {'a', (byte) 0xff, (byte) 0xfe});
        assertThat(faultOf(file)).contains("is not a text file in UTF-8");
        Files.write(file, new byte[(1 << 20) + 1]);
        assertThat(faultOf(file)).contains("is larger than 1 MiB");
        Files.write(file, new byte[100]);
        assertThat(faultOf(file)).contains("is not a text file");
    }

    private static String faultOf(Path file) {
        return assertThatExceptionOfType(ProfileError.class)
                .isThrownBy(() -> ProfileReader.read(file, List.of()))
                .actual()
                .getMessage();
    }

    @Test
    void allFaultsAreToldAtOnceWhenAsked(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("file.yaml");
        Files.writeString(
                file, "load: {closed: {concurrency: many}}\nmix: [{name: a, think: 10}]\nclient: {nodelay: 5}\n");

        assertThat(ProfileReader.faults(file, List.of()))
                .hasSize(3)
                .first()
                .asString()
                .contains("load.closed.concurrency");
        assertThat(ProfileReader.faults(ShippedProfiles.files().getFirst(), List.of()))
                .isEmpty();
    }
}
