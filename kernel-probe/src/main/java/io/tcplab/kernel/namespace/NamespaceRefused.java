package io.tcplab.kernel.namespace;

import java.io.IOException;

/** A network namespace could not be made or joined; the message names the call and its error. */
public final class NamespaceRefused extends IOException {
    private static final long serialVersionUID = 1;

    NamespaceRefused(String message) {
        super(message);
    }
}
