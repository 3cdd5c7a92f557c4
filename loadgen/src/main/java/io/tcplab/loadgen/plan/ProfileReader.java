package io.tcplab.loadgen.plan;

import static io.tcplab.loadgen.plan.ProfileError.Kind.SYNTAX;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a profile from YAML, fills in the defaults and checks everything, before any socket opens.
 *
 * <p>Whatever is wrong is one {@link ProfileError}. The JSON Schema is not asked here, as its validator takes longer to load than a run
 * may take to start; both are made of the same {@link Key}s, and a test holds them together.
 */
public final class ProfileReader {

    private static final int LARGEST_BYTES = 1 << 20;

    private ProfileReader() {}

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
        Node node;
        try {
            node = ProfileSets.apply(tree(file.toString(), text(file)), sets);
        } catch (ProfileError e) {
            return List.of(e.getMessage()); // not YAML, or a set that leads nowhere: there is no tree to check
        }
        return faults(file.toString(), node, ProfileSchema.load());
    }

    /** What the reader says of a tree, and then what the schema has against other places. */
    static List<String> faults(String source, Node node, ProfileSchema schema) {
        List<String> faults = new ArrayList<>();
        try {
            read(source, node);
        } catch (ProfileError e) {
            faults.add(e.getMessage());
        }
        schema.faults(node).forEach((at, sentence) -> {
            if (faults.stream().noneMatch(fault -> fault.startsWith(at + ":"))) {
                faults.add(sentence);
            }
        });
        return faults;
    }

    /** Reads a profile from its text, as {@link #read(Path, List)} does; {@code source} stands for the file's name in errors. */
    public static Profile read(String source, String yaml, List<String> sets) {
        return read(source, ProfileSets.apply(tree(source, yaml), sets));
    }

    private static Profile read(String source, Node node) {
        return ProfileKeys.form(nameFrom(source)).read(new Value("", node));
    }

    /** Reads the text into a tree that has at least one key. */
    static Node tree(String source, String yaml) {
        if (yaml.indexOf('\0') >= 0) {
            throw new ProfileError(SYNTAX, Mark.whole(source), "", "is not a text file");
        }
        Node node = YamlTree.read(source, yaml);
        if (node instanceof Node.Text text && text.isNull()) {
            throw new ProfileError(SYNTAX, Mark.whole(source), "", "is empty; a profile needs at least load and mix");
        }
        if (!(node instanceof Node.Fields)) {
            throw new ProfileError(
                    SYNTAX, node.at(), "", "is not a profile: it must have keys and values such as name: short");
        }
        return node;
    }

    static String text(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LARGEST_BYTES + 1);
            if (bytes.length > LARGEST_BYTES) {
                throw unreadable(file, "is larger than 1 MiB, the limit of a profile");
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException _) {
            throw unreadable(file, "is not a text file in UTF-8");
        } catch (NoSuchFileException _) {
            throw unreadable(file, "does not exist" + MissingProfile.didYouMean(file));
        } catch (AccessDeniedException _) {
            throw unreadable(file, "cannot be read: permission denied");
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
}
