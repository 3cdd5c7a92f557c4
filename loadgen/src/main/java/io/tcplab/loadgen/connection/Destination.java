package io.tcplab.loadgen.connection;

import io.tcplab.companion.tls.TlsContext;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One place that connections go to.
 *
 * @param address resolved
 * @param tls what the TLS of its connections has in common; absent = they have none
 */
public record Destination(InetSocketAddress address, TlsContext.@Nullable Client tls) {}
