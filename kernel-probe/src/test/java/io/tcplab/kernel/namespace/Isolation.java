package io.tcplab.kernel.namespace;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;

/** What tests that need namespaces of their own stand on; skipped, with the reason, where there can be none. */
public final class Isolation {
    private Isolation() {}

    /** A pair, or the end of the test as skipped. */
    public static NamespacePair pair() throws IOException {
        assumeThat(UserNamespace.needed()).as("needs root, or unshare -Ur").isFalse();
        assumeThat(UserNamespace.obstacle()).isEmpty();
        return NamespacePair.create();
    }

    /** A namespace with lo alone, or the end of the test as skipped. */
    public static NetworkNamespace single() throws IOException {
        assumeThat(UserNamespace.needed()).as("needs root, or unshare -Ur").isFalse();
        return NetworkNamespace.create("test");
    }
}
