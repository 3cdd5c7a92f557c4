package io.tcplab.loadgen.plan;

import static io.tcplab.loadgen.plan.ProfileError.Kind.SYNTAX;

import io.tcplab.kernel.host.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a profile from YAML, fills in the defaults and checks everything, before any socket opens.
 *
 * <p>Whatever is wrong is one {@link ProfileError}. The shape is checked here and not by the JSON Schema validator, whose classes take
 * longer to load than a run may take to start; a test holds the two together, and {@link ProfileSchema} tells {@code tcplab validate}
 * all that is wrong at once.
 */
public final class ProfileReader {

    private static final int LARGEST_BYTES = 1 << 20;
    private static final long DEFAULT_DURATION_NANOS = 10 * Measure.NANOS_PER_SECOND;
    private static final long MOST_CONNECTIONS = 1_000_000_000;
    private static final long DEFAULT_OBSERVE_NANOS = Measure.NANOS_PER_SECOND / 10;
    private static final long SHORTEST_OBSERVE_NANOS = Measure.NANOS_PER_SECOND / 1_000;
    private static final long LONGEST_OBSERVE_NANOS = 3_600 * Measure.NANOS_PER_SECOND;

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-][a-zA-Z0-9._-]{0,63}");
    private static final Pattern ANYTHING = Pattern.compile(".*", Pattern.DOTALL);
    private static final Pattern SEED = Pattern.compile("-?[0-9]{1,19}(?:\\.0{1,20})?");

    private final Section root;
    private final Mark at;
    private final String defaultName;

    private ProfileReader(Node node, String defaultName) {
        this.at = node.at();
        this.defaultName = defaultName;
        this.root = Section.of(
                new Value("", node),
                "name",
                "description",
                "target",
                "warmup",
                "duration",
                "connections",
                "seed",
                "load",
                "mix",
                "protocol",
                "http",
                "client",
                "server",
                "sysctls",
                "faults",
                "observe",
                "thresholds",
                "tune");
    }

    /**
     * Reads a profile.
     *
     * @param file the YAML file, at most 1 MiB
     * @param sets overrides in the order in which they apply, as {@link ProfileSets} describes them
     * @throws ProfileError when the file cannot be read, or anything in it or in {@code sets} is wrong
     */
    public static Profile read(Path file, List<String> sets) {
        return read(file.toString(), text(file), sets);
    }

    /**
     * Returns all that is wrong with a profile, one sentence each: what {@link #read} says, then what the JSON Schema has against other
     * places. Empty = nothing. Slower than {@link #read}; for {@code tcplab validate}.
     */
    public static List<String> faults(Path file, List<String> sets) {
        List<String> faults = new ArrayList<>();
        try {
            read(file, sets);
            return faults;
        } catch (ProfileError e) {
            faults.add(e.getMessage());
        }
        try {
            Node node = ProfileSets.apply(tree(file.toString(), text(file)), sets);
            ProfileSchema.load().faults(node).forEach((at, sentence) -> {
                if (faults.stream().noneMatch(f -> f.startsWith(at + ":"))) {
                    faults.add(sentence);
                }
            });
            return faults;
        } catch (ProfileError _) {
            return faults; // not YAML, or a set that leads nowhere: there is no tree for the schema
        }
    }

    /** Reads a profile from its text; {@code source} stands for the file's name in errors. */
    static Profile read(String source, String yaml, List<String> sets) {
        Node node = ProfileSets.apply(tree(source, yaml), sets);
        return new ProfileReader(node, nameFrom(source)).profile();
    }

    /** Reads the text into a tree that has at least one key. */
    static Node tree(String source, String yaml) {
        if (yaml.indexOf('\0') >= 0) {
            throw new ProfileError(SYNTAX, Mark.whole(source), "", "is not a text file");
        }
        Node node = YamlTree.read(source, yaml);
        if (node instanceof Node.Text text && text.isNull()) {
            throw new ProfileError(SYNTAX, Mark.whole(source), "", "is empty; a profile wants at least load and mix");
        }
        if (!(node instanceof Node.Fields)) {
            throw new ProfileError(
                    SYNTAX, node.at(), "", "is not a profile: it wants keys and values such as name: short");
        }
        return node;
    }

    static String text(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LARGEST_BYTES + 1);
            if (bytes.length > LARGEST_BYTES) {
                throw unreadable(file, "is larger than 1 MiB, which no profile needs");
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException _) {
            throw unreadable(file, "is not a text file in UTF-8");
        } catch (NoSuchFileException _) {
            throw unreadable(file, "does not exist");
        } catch (AccessDeniedException _) {
            throw unreadable(file, "may not be read (permission denied)");
        } catch (IOException e) {
            throw unreadable(
                    file,
                    Files.isDirectory(file) ? "is a directory, not a profile" : "cannot be read: " + e.getMessage());
        }
    }

    private static ProfileError unreadable(Path file, String sentence) {
        return new ProfileError(SYNTAX, Mark.whole(file.toString()), "", sentence);
    }

    private static String nameFrom(String source) {
        String file = source.substring(source.lastIndexOf('/') + 1).replaceFirst("\\.ya?ml$", "");
        String name = file.replaceAll("[^a-zA-Z0-9._-]", "-").replaceFirst("^\\.+", "");
        return name.isEmpty() ? "profile" : name.substring(0, Math.min(64, name.length()));
    }

    private Profile profile() {
        Load load =
                LoadReader.read(root.require("load", "when connections start, such as {closed: {concurrency: 10}}"));
        Endpoint target = target(root.find("target"));
        Protocol protocol = ProtocolReader.read(root.find("protocol"), root.find("http"));
        List<MixMember> mix =
                MixReader.read(root.require("mix", "a list of connection kinds"), protocol, target != null);
        long warmupNanos = root.nanos("warmup", 0, 0, Value.LONGEST_NANOS);
        Value connectionsValue = root.find("connections");
        long connections = connectionsValue == null ? Profile.UNLIMITED : connectionsValue.count(1L, MOST_CONNECTIONS);
        long durationNanos = durationNanos(load, connections);
        ClientOptions client = OptionsReader.client(OptionsReader.orEmpty(root.find("client"), "client", at));
        checkFamilies(client, target);
        Section sysctls = Section.of(OptionsReader.orEmpty(root.find("sysctls"), "sysctls", at), "client", "server");
        Value tune = root.find("tune");
        if (tune != null) {
            var _ = TuneKeys.of(tune);
        }
        Value name = root.find("name");
        return new Profile(
                name == null ? defaultName : name.text(NAME, "a name of at most 64 letters, digits, ., _ and -"),
                root.text("description", ""),
                target,
                warmupNanos,
                durationNanos,
                connections,
                seed(root.find("seed")),
                LoadReader.holdLastRate(load, durationNanos),
                mix,
                protocol,
                client,
                OptionsReader.server(OptionsReader.orEmpty(root.find("server"), "server", at)),
                OptionsReader.sysctls(sysctls.find("client")),
                OptionsReader.sysctls(sysctls.find("server")),
                FaultReader.read(root.find("faults")),
                observeNanos(),
                ThresholdReader.read(root.find("thresholds"), names(mix)));
    }

    private static Set<String> names(List<MixMember> mix) {
        return mix.stream().map(MixMember::name).collect(Collectors.toUnmodifiableSet());
    }

    /** The duration as written; otherwise the length of steps or ramps, or none when connections end the run. */
    private long durationNanos(Load load, long connections) {
        Value value = root.find("duration");
        if (value != null) {
            return value.nanos(1, Value.LONGEST_NANOS);
        }
        long length = LoadReader.lengthNanos(load);
        if (length == Long.MAX_VALUE) {
            return connections == Profile.UNLIMITED ? DEFAULT_DURATION_NANOS : Profile.UNLIMITED;
        }
        if (length > Value.LONGEST_NANOS) {
            throw root.require("load", "")
                    .meaning("takes " + Measure.DURATION.format(length) + "; a run lasts at most 24h");
        }
        return length;
    }

    private long observeNanos() {
        Value value = root.find("observe");
        return value == null
                ? DEFAULT_OBSERVE_NANOS
                : Section.of(value, "interval")
                        .nanos("interval", DEFAULT_OBSERVE_NANOS, SHORTEST_OBSERVE_NANOS, LONGEST_OBSERVE_NANOS);
    }

    private static @Nullable Long seed(@Nullable Value value) {
        if (value == null) {
            return null;
        }
        String wanted = "a whole number from " + Long.MIN_VALUE + " to " + Long.MAX_VALUE;
        try {
            return new BigDecimal(value.text(SEED, wanted)).longValueExact();
        } catch (ArithmeticException _) {
            throw value.meaning("wants " + wanted);
        }
    }

    private static @Nullable Endpoint target(@Nullable Value value) {
        if (value == null) {
            return null;
        }
        try {
            return Endpoint.parse(value.text(ANYTHING, "HOST:PORT, such as 127.0.0.1:9000 or \"[::1]:9000\""));
        } catch (IllegalArgumentException wrong) {
            throw value.meaning(String.valueOf(wrong.getMessage()));
        }
    }

    private void checkFamilies(ClientOptions client, @Nullable Endpoint target) {
        InetAddress to = target == null ? null : SourceAddresses.literal(target.host());
        if (to != null
                && !client.sources().isEmpty()
                && client.sources().getFirst().getClass() != to.getClass()) {
            throw root.require("client", "").meaning("sources and target are not of the same address family");
        }
    }
}
