package io.tcplab.companion.tls;

import io.netty.handler.ssl.OpenSsl;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the TLS of one side's connections has in common. A client's is confined to one thread, a server's serves many. */
public interface TlsContext extends AutoCloseable {

    /**
     * Returns the TLS of a new connection.
     *
     * @param resume whether it is to resume a session; where none is kept the handshake will be a full one
     */
    TlsEngine open(boolean resume);

    /** How many sessions are kept that new connections could resume. */
    int sessions();

    /** How many sessions servers have given so far. */
    long sessionsGiven();

    @Override
    void close();

    /**
     * What a client's connections have in common.
     *
     * @param serverName sent as server name (RFC 6066 §3); absent = none is sent
     * @param alpn protocols to offer, in order; empty = none are offered
     * @param trust decides on the peer's certificate
     * @param identity shown where the server asks for a certificate; absent = none
     * @param versions at least one
     * @param keepsSessions whether sessions are kept to be resumed
     * @param keyLog takes each line of a key log, as SSLKEYLOGFILE has it, on the thread of the handshake; absent = none is kept. The
     *     JDK's TLS has none
     */
    record Client(
            @Nullable String serverName,
            List<String> alpn,
            TlsTrust trust,
            @Nullable TlsIdentity identity,
            List<TlsVersion> versions,
            boolean keepsSessions,
            @Nullable Consumer<byte[]> keyLog) {

        /** Without a key log. */
        public Client(
                @Nullable String serverName,
                List<String> alpn,
                TlsTrust trust,
                @Nullable TlsIdentity identity,
                List<TlsVersion> versions,
                boolean keepsSessions) {
            this(serverName, alpn, trust, identity, versions, keepsSessions, null);
        }

        /** The same with a key log. */
        public Client logging(Consumer<byte[]> secrets) {
            return new Client(serverName, alpn, trust, identity, versions, keepsSessions, secrets);
        }
    }

    /** Returns a client's; IllegalArgumentException where the identity cannot be used. */
    static TlsContext client(Client client) {
        return OpenSsl.isAvailable() ? BoringContext.client(client) : JdkContext.client(client);
    }

    /** Throws IllegalArgumentException, in a sentence, where a client's identity cannot be used. */
    static void check(Client client) {
        if (client.identity() != null) {
            client(client).close();
        }
    }

    /** Returns a server's, which offers {@code alpn} where a client does; IllegalArgumentException as {@link #client}. */
    static TlsContext server(TlsIdentity identity, List<String> alpn) {
        return OpenSsl.isAvailable() ? BoringContext.server(identity, alpn) : JdkContext.server(identity, alpn);
    }

    /** The implementation in use: {@code BoringSSL}, or {@code JDK} where Netty has no native library for this machine. */
    static String engine() {
        return OpenSsl.isAvailable()
                ? OpenSsl.versionString()
                : "JDK " + Runtime.version().feature();
    }
}
