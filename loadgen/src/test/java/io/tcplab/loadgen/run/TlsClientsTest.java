package io.tcplab.loadgen.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.companion.tls.SelfSigned;
import io.tcplab.companion.tls.TlsContext;
import io.tcplab.companion.tls.TlsIdentity;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.ProfileReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A certificate and a key that cannot be used are refused before the load, in a sentence that names the file or the fault. */
@Timeout(60)
class TlsClientsTest {

    private static final TlsIdentity OWN = SelfSigned.make("client", List.of("client"));

    @TempDir
    private Path home;

    @BeforeEach
    void certificate() throws IOException {
        Files.writeString(home.resolve("own.pem"), OWN.certificatePem());
    }

    private void use(String key) throws IOException, CannotRun {
        Files.writeString(home.resolve("own.key"), key);
        String yaml = """
                load: {closed: {concurrency: 1}}
                mix: [{name: a}]
                tls: {insecure: true, certificate: own.pem, key: own.key}
                """;
        Path profile = Files.writeString(home.resolve("p.yaml"), yaml);
        assertThat(TlsClients.of(ProfileReader.read(profile, List.of()), null, null))
                .isNotNull();
    }

    @Test
    void aKeyOfItsCertificateIsTaken() throws Exception {
        use(OWN.keyPem());
        use(OWN.certificatePem() + OWN.keyPem());
    }

    @ParameterizedTest
    @CsvSource({
        "www.test.example:443, www.test.example",
        "www.test.example.:443, www.test.example",
        "192.0.2.1:443,",
        "[2001:db8::1]:443,"
    })
    void theServerNameIsTheTargetsAndHasNoLastDot(String target, @Nullable String sent) throws Exception {
        String yaml = "load: {closed: {concurrency: 1}}\nmix: [{name: a}]\ntls: {insecure: true}\n";
        TlsContext.Client client = TlsClients.of(Profiles.of(yaml), Endpoint.parse(target), null);
        assertThat(client).extracting(TlsContext.Client::serverName).isEqualTo(sent);
    }

    @Test
    void theKeyOfAnotherCertificateIsRefused() {
        assertThatThrownBy(() -> use(SelfSigned.make("other", List.of("other")).keyPem()))
                .isInstanceOf(CannotRun.class)
                .hasMessageStartingWith("TLS cannot be set up: the ")
                .hasMessageContaining("key");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIBvTBX\n-----END ENCRYPTED PRIVATE KEY-----\n",
                "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,0A\n\nAAAA\n"
                        + "-----END EC PRIVATE KEY-----\n"
            })
    void aKeyWithAPasswordIsSaidToHaveOne(String key) {
        assertThatThrownBy(() -> use(key))
                .isInstanceOf(CannotRun.class)
                .hasMessageContaining("own.key is encrypted by a password")
                .hasMessageContaining("openssl pkey -in own.key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-----BEGIN PRIVATE KEY-----\nno base64 at all\n-----END PRIVATE KEY-----\n", "nothing"})
    void whatIsNoKeyIsRefused(String key) {
        assertThatThrownBy(() -> use(key))
                .isInstanceOf(CannotRun.class)
                .hasMessageStartingWith("TLS cannot be set up: the ");
    }
}
