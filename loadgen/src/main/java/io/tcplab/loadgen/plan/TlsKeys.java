package io.tcplab.loadgen.plan;

import static io.tcplab.loadgen.plan.ProfileError.quote;

import io.tcplab.companion.tls.TlsVersion;
import io.tcplab.loadgen.plan.TlsOptions.CloseNotify;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The keys of {@code tls}. */
final class TlsKeys {

    private static final List<TlsVersion> EVERY_VERSION = List.of(TlsVersion.values());
    private static final Shape<String> FILE = new FileShape();

    private static final Key<TlsOptions, String> SERVER_NAME = Key.optional(
            "serverName",
            Shapes.string(
                    Pattern.compile("(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})(\\.[A-Za-z0-9_-]{1,63}){0,126}"),
                    "a host name such as www.example.org"),
            TlsOptions::serverName,
            "the name that is sent (SNI, RFC 6066) and that the certificate must match (default: the target's)");
    static final Key<TlsOptions, List<String>> ALPN = Key.optional(
            "alpn",
            new OneOrMore(Shapes.string(Pattern.compile("[\\x21-\\x7e]{1,64}"), "a protocol such as http/1.1")),
            tls -> tls.alpn().isEmpty() ? null : tls.alpn(),
            "the protocols to offer (ALPN, RFC 7301), in order (default: none)");
    private static final Key<TlsOptions, String> CA = Key.optional(
            "ca",
            FILE,
            TlsOptions::ca,
            "PEM file with the trusted authorities, relative to the profile (default: the system's)");
    private static final Key<TlsOptions, Boolean> INSECURE = Key.of(
            "insecure",
            Shapes.FLAG,
            false,
            TlsOptions::insecure,
            "accept any certificate of the peer; the result reports this");
    private static final Key<TlsOptions, String> CERTIFICATE = Key.optional(
            "certificate",
            FILE,
            TlsOptions::certificate,
            "file with a certificate for a server that asks for one, PEM, its chain behind it, relative to the profile");
    private static final Key<TlsOptions, String> KEY = Key.optional(
            "key",
            FILE,
            TlsOptions::key,
            "file with the certificate's private key, PEM, without a password, relative to the profile");
    private static final Key<TlsOptions, List<TlsVersion>> VERSIONS =
            Key.of("versions", new Versions(), EVERY_VERSION, TlsOptions::versions, "the versions to offer");
    private static final Key<TlsOptions, Double> RESUME = Key.of(
            "resume",
            new ShareShape(),
            0.0,
            TlsOptions::resume,
            "share of the handshakes that resume a session of an earlier connection; the others are full");
    private static final Key<TlsOptions, CloseNotify> CLOSE_NOTIFY = Key.of(
            "closeNotify",
            Shapes.word(CloseNotify.class),
            CloseNotify.SEND,
            TlsOptions::closeNotify,
            "close_notify before each close by the client except abandon: send it, skip it, or send it and await the peer's");

    private static final Form<TlsOptions> FORM = new Form<>(
            List.of(SERVER_NAME, ALPN, CA, INSECURE, CERTIFICATE, KEY, VERSIONS, RESUME, CLOSE_NOTIFY),
            TlsKeys::options);

    /** What {@code tls: false} is read into. */
    static final TlsOptions OFF =
            new TlsOptions(null, List.of(), null, false, null, null, EVERY_VERSION, 0, CloseNotify.SKIP);

    static final FlagOr<TlsOptions> SHAPE =
            new FlagOr<>(FORM, FORM.read(new Value("tls", new Node.Fields(Mark.whole(""), Map.of()))), OFF);

    private TlsKeys() {}

    private static TlsOptions options(Given given) {
        String ca = given.find(CA);
        boolean insecure = given.of(INSECURE);
        if (ca != null && insecure) {
            throw given.near(CA)
                    .meaning(
                            "has no effect with insecure: true, which trusts every certificate; remove one of the two");
        }
        String certificate = given.find(CERTIFICATE);
        String key = given.find(KEY);
        if ((certificate == null) != (key == null)) {
            throw given.near(certificate == null ? KEY : CERTIFICATE)
                    .meaning("needs " + (certificate == null ? "a certificate" : "its key") + " beside it: give both");
        }
        List<String> alpn = given.find(ALPN);
        return new TlsOptions(
                given.find(SERVER_NAME),
                alpn == null ? List.of() : alpn,
                ca,
                insecure,
                certificate,
                key,
                given.of(VERSIONS),
                given.of(RESUME),
                given.of(CLOSE_NOTIFY));
    }

    /** The path of a file, which is absolute once it is read, so that a result's profile names the same one. */
    private record FileShape() implements Shape<String> {

        private static final Shape<String> NAME =
                Shapes.string(Pattern.compile("[^\\x00-\\x1f]{1,4096}"), "the name of a file");

        @Override
        public String read(Value value) {
            String name = NAME.read(value);
            try {
                return NamedFile.of(value, name).toString();
            } catch (InvalidPathException _) {
                throw value.meaning("is no path on this system: " + quote(name));
            }
        }

        @Override
        public Object write(String path) {
            return path;
        }

        @Override
        public Map<String, Object> schema() {
            return NAME.schema();
        }

        @Override
        public String allowed() {
            return NAME.allowed();
        }
    }

    /** One version or a list; 1.3 is a number in YAML. */
    private record Versions() implements Shape<List<TlsVersion>> {

        @Override
        public List<TlsVersion> read(Value value) {
            List<Value> items = value.node() instanceof Node.Text ? List.of(value) : value.items();
            if (items.isEmpty()) {
                throw value.mustBe(allowed());
            }
            return items.stream()
                    .map(item -> item.word(Map.of("1.2", TlsVersion.V1_2, "1.3", TlsVersion.V1_3)))
                    .distinct()
                    .sorted()
                    .toList();
        }

        @Override
        public Object write(List<TlsVersion> value) {
            return value.stream().map(TlsVersion::number).toList();
        }

        @Override
        public Map<String, Object> schema() {
            Map<String, Object> one = JsonSchema.of("enum", List.of(1.2, 1.3, "1.2", "1.3"));
            return JsonSchema.of("anyOf", List.of(one, JsonSchema.of("type", "array", "items", one, "minItems", 1)));
        }

        @Override
        public String allowed() {
            return "1.2, 1.3, or a list of both";
        }
    }
}
