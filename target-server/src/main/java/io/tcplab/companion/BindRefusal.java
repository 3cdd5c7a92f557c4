package io.tcplab.companion;

import io.tcplab.kernel.host.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Locale;

/** Says in one sentence why an address cannot be bound: the call, its errno (bind(2)) and the remedy. */
public final class BindRefusal {

    private BindRefusal() {}

    /** The sentence for this address and what bind(2) or listen(2) threw. */
    public static CompanionException of(InetSocketAddress address, IOException cause) {
        return new CompanionException("bind " + Endpoint.text(address) + ": " + reason(cause), cause);
    }

    private static String reason(IOException cause) {
        if (isInUse(cause)) {
            return "EADDRINUSE, another socket listens there; stop it or choose another port";
        }
        if (says(cause, "permission denied")) {
            return "EACCES, ports below net.ipv4.ip_unprivileged_port_start need privileges; choose a higher port";
        }
        if (says(cause, "cannot assign requested address")) {
            return "EADDRNOTAVAIL, no interface of this host has that address; choose one that `ip address` shows";
        }
        return String.valueOf(cause.getMessage());
    }

    static boolean isInUse(IOException cause) {
        return says(cause, "address already in use");
    }

    private static boolean says(IOException cause, String phrase) {
        String message = cause.getMessage();
        return message != null && message.toLowerCase(Locale.ROOT).contains(phrase);
    }
}
