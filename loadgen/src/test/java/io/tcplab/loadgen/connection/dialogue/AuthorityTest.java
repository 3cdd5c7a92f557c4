package io.tcplab.loadgen.connection.dialogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 10, unit = TimeUnit.SECONDS)
class AuthorityTest {

    @ParameterizedTest
    @CsvSource({
        "::1, [::1]:8180",
        "::, [::]:8180",
        "2001:db8::a:0:0:1, [2001:db8::a:0:0:1]:8180",
        "2001:db8:1:2:3:4:5:6, [2001:db8:1:2:3:4:5:6]:8180",
        "fe80::1, [fe80::1]:8180",
        "127.0.0.1, 127.0.0.1:8180"
    })
    void anAddressIsNamedAsInAUri(String address, String authority) throws Exception {
        assertThat(Authority.of(new InetSocketAddress(InetAddress.getByName(address), 8180)))
                .isEqualTo(authority);
    }

    @ParameterizedTest
    @CsvSource({"example.org, example.org:80"})
    void aNameIsKept(String host, String authority) {
        assertThat(Authority.of(InetSocketAddress.createUnresolved(host, 80))).isEqualTo(authority);
    }
}
