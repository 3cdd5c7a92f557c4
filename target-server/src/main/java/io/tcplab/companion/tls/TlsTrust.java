package io.tcplab.companion.tls;

import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Decides whether a peer is who it says it is. May be asked by several threads. */
public interface TlsTrust {

    /** Trusts every certificate, for every name. */
    TlsTrust ANYONE = _ -> null;

    /** Returns why a chain of certificates (DER, the peer's own first) is refused; absent = it is trusted. */
    @Nullable
    Refusal judge(byte[][] chain);

    /** Trusts what the authorities of a file in PEM have signed for a name; IllegalArgumentException where it cannot be read. */
    static TlsTrust authorities(Path file, String name) {
        return remembering(Authorities.ofFile(file, name));
    }

    /** Trusts what the authorities have signed for a name that this system trusts. */
    static TlsTrust system(String name) {
        return remembering(Authorities.ofSystem(name));
    }

    /** Trusts one certificate alone, whatever name it has. */
    static TlsTrust only(byte[] certificate) {
        return chain -> chain.length > 0 && Arrays.equals(chain[0], certificate)
                ? null
                : new Refusal(Reason.UNKNOWN_ISSUER, "it is not the certificate that the companion has made");
    }

    /**
     * Remembers what was trusted: in a run the same chain comes thousands of times. A certificate that expires while the run goes on
     * stays trusted.
     */
    static TlsTrust remembering(TlsTrust judge) {
        return new TlsTrust() {
            // Volatile: another thread may have stored it.
            private volatile byte @Nullable [][] trusted;

            @Override
            public @Nullable Refusal judge(byte[][] chain) {
                if (Arrays.deepEquals(trusted, chain)) {
                    return null;
                }
                Refusal refusal = judge.judge(chain);
                if (refusal == null) {
                    trusted = chain.clone();
                }
                return refusal;
            }
        };
    }

    /** Why a certificate is refused: the alert that the peer gets depends on it. */
    enum Reason {
        EXPIRED,
        NOT_YET_VALID,
        UNKNOWN_ISSUER,
        WRONG_NAME,
        UNUSABLE
    }

    /**
     * Why a certificate is refused.
     *
     * @param reason the kind
     * @param sentence as it goes on from "the certificate was refused:"
     */
    record Refusal(Reason reason, String sentence) {}
}
