package io.tcplab.loadgen.connection.wire;

import io.tcplab.companion.tls.TlsEngine;

/** Memory for encrypted bytes that the secured sockets of one event loop use in turn. */
public final class SecureBuffers {

    /** What is read at once. Decrypted, and with what a record began earlier, it fits into the loop's own buffer. */
    private static final int INPUT_BYTES = 1 << 15;

    /** The records that are sent at once. */
    static final int RECORDS = 4;

    private static final int OUTPUT_BYTES = RECORDS * (TlsEngine.RECORD_BYTES + TlsEngine.RECORD_OVERHEAD);

    final Buffer input = new Buffer(INPUT_BYTES);
    final Buffer output = new Buffer(OUTPUT_BYTES);
}
