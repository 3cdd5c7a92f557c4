package io.tcplab.loadgen.plan;

import org.jspecify.annotations.Nullable;

/**
 * The keys by which a profile, or a member of its mix, says what is spoken: {@code protocol}, and beside it the protocol's own keys under
 * its word, such as {@code http}.
 */
final class ProtocolKeys {

    static final String PROTOCOL = "protocol";

    /** Protocols whose keys may stand beside {@code protocol}, under their word. */
    static final String HTTP = "http";

    static final String SCRIPT = "script";

    static final Shape<Protocol> SHAPE = new ProtocolShape();

    private ProtocolKeys() {}

    /** What a profile says; the companion's protocol where it says nothing. */
    static Protocol ofProfile(Given given) {
        Protocol otherwise = new Protocol.Tcplab();
        Value beside = beside(given);
        if (beside != null && given.place(PROTOCOL) == null) {
            throw noEffect(beside, ProtocolShape.word(otherwise));
        }
        Protocol said = ofMember(given);
        return said == null ? otherwise : said;
    }

    /** What a member of the mix says for itself; absent = it speaks the profile's protocol. */
    static @Nullable Protocol ofMember(Given given) {
        Value protocol = given.place(PROTOCOL);
        Value beside = beside(given);
        if (beside == null) {
            return protocol == null ? null : SHAPE.read(protocol);
        }
        if (protocol != null) {
            String word = ProtocolShape.wordOf(protocol);
            if (!word.equals(key(beside))) {
                throw noEffect(beside, word);
            }
            if (protocol.node() instanceof Node.Fields inside) {
                throw beside.meaning("is given twice, here and as protocol." + word + " (" + inside.at() + ")");
            }
        }
        return ProtocolShape.kind(key(beside)).shape().read(beside);
    }

    private static @Nullable Value beside(Given given) {
        Value http = given.place(HTTP);
        Value script = given.place(SCRIPT);
        if (http != null && script != null) {
            throw script.meaning("stands beside http; a protocol is one of them");
        }
        return http == null ? script : http;
    }

    private static String key(Value beside) {
        return beside.path().substring(beside.path().lastIndexOf('.') + 1);
    }

    private static ProfileError noEffect(Value beside, String protocol) {
        return beside.meaning("has no effect with protocol " + protocol + "; set protocol: " + key(beside));
    }
}
