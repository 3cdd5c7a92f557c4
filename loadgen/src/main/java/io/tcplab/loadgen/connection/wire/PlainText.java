package io.tcplab.loadgen.connection.wire;

import io.tcplab.companion.tls.TlsFailure;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** Tells a peer that speaks no TLS by the first bytes that it sends. */
final class PlainText {

    /** Content types of TLS records (RFC 8446 §5.1), and the version's first byte behind them. */
    private static final int FIRST_TYPE = 20;

    private static final int LAST_TYPE = 23;
    private static final int MAJOR_VERSION = 3;
    private static final int SHOWN_BYTES = 24;

    private PlainText() {}

    /** What {@code length} bytes say where they begin no TLS record, as a failure; absent = they begin one. */
    static @Nullable TlsFailure in(MemorySegment bytes, int length) {
        int type = bytes.get(ValueLayout.JAVA_BYTE, 0);
        boolean isRecord = type >= FIRST_TYPE && type <= LAST_TYPE;
        if (isRecord && (length == 1 || bytes.get(ValueLayout.JAVA_BYTE, 1) == MAJOR_VERSION)) {
            return null;
        }
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < Math.min(length, SHOWN_BYTES); i++) {
            int each = bytes.get(ValueLayout.JAVA_BYTE, i);
            if (each == '\r' || each == '\n') {
                break;
            }
            shown.append(each >= ' ' && each <= '~' ? (char) each : '?');
        }
        return new TlsFailure(TlsFailure.Kind.NOT_TLS, shown.toString());
    }
}
