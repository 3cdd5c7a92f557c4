package io.tcplab.kernel.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 10, unit = TimeUnit.SECONDS)
final class EndpointTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:80, 127.0.0.1, 80",
        "[::1]:80, ::1, 80",
        "[fe80::1%eth0]:80, fe80::1%eth0, 80",
        "[::ffff:10.0.0.1]:1, ::ffff:10.0.0.1, 1",
        "a_b.example-1.test:65535, a_b.example-1.test, 65535",
        "bücher.example:443, bücher.example, 443",
        "' host:9000 ', host, 9000",
    })
    void readsHostAndPort(String text, String host, int port) {
        assertThat(Endpoint.parse(text)).isEqualTo(new Endpoint(host, port));
    }

    @ParameterizedTest
    @CsvSource({
        "nowhere, has no port",
        "127.0.0.1:, has no port",
        "::1, without brackets",
        "::1:80, without brackets",
        "[::1], has no port",
        "http://127.0.0.1:80/, a scheme",
        "[host]:80, brackets around something other than an IPv6 address",
        "[]:80, brackets around something",
        "[127.0.0.1]:80, brackets around something",
        "[::1]x:80, has no port",
        "host:99999, the port 99999",
        "host:0, the port 0",
        "host:-1, not a whole number",
        "host:12x, not a whole number",
        ":80, has no host",
        "'a b:80', neither a name nor an address",
        "http://host:80, a scheme",
    })
    void saysInOneSentenceWhatIsWrong(String text, String fault) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.parse(text))
                .withMessageContaining("\"" + text + "\" has ")
                .withMessageContaining(fault)
                .withMessageEndingWith("; write HOST:PORT such as 127.0.0.1:9000 or [::1]:9000");
    }

    @Test
    void anAddressToListenOnMayLeaveHostAndPortOpen() {
        assertThat(Endpoint.parseListening(":0")).isEqualTo(new Endpoint("127.0.0.1", 0));
        assertThat(Endpoint.parseListening("[::]:9100")).isEqualTo(new Endpoint("::", 9100));
    }

    @ParameterizedTest
    @CsvSource({"[::1]:80", "127.0.0.1:80", "name:1", "[fe80::1%eth0]:9"})
    void isWrittenAsItWasRead(String text) {
        assertThat(Endpoint.parse(text)).hasToString(text);
    }

    @Test
    void aSocketAddressIsWrittenByNumber() {
        assertThat(Endpoint.text(new InetSocketAddress("127.0.0.1", 80))).isEqualTo("127.0.0.1:80");
        assertThat(Endpoint.text(new InetSocketAddress("::1", 80))).isEqualTo("[::1]:80");
    }
}
