package io.tcplab.loadgen.plan;

import static io.tcplab.loadgen.plan.ProfileError.quote;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The ways in which bytes are written in a script. */
final class TemplateShapes {

    private TemplateShapes() {}

    private static Map<String, Object> anyScalar() {
        return JsonSchema.of("type", List.of("string", "number", "boolean"));
    }

    /** Text with escapes and variables. */
    record Text() implements Shape<Template> {
        @Override
        public Template read(Value value) {
            return Template.read(value, value.text(allowed()));
        }

        @Override
        public Object write(Template template) {
            return template.source();
        }

        @Override
        public Map<String, Object> schema() {
            return anyScalar();
        }

        @Override
        public String allowed() {
            return "text such as \"PING\\r\\n\"";
        }
    }

    /** Hexadecimal digits. */
    record Hex() implements Shape<Template> {
        @Override
        public Template read(Value value) {
            String digits = value.text(allowed()).replaceAll("[ \\n:]", "").toLowerCase(Locale.ROOT);
            if (digits.isEmpty()) {
                throw value.meaning("is empty");
            }
            if (digits.length() > 2 * Template.LARGEST_BYTES) {
                throw value.meaning("has more than 256KiB");
            }
            if (digits.length() % 2 != 0 || !digits.chars().allMatch(HexFormat::isHexDigit)) {
                throw value.meaning(
                        "must be pairs of hexadecimal digits, such as 16 03 01, not " + quote(value.text()));
            }
            return Template.ofHex(digits);
        }

        @Override
        public Object write(Template template) {
            return HexFormat.of().formatHex(template.bytes());
        }

        @Override
        public Map<String, Object> schema() {
            return anyScalar();
        }

        @Override
        public String allowed() {
            return "pairs of hexadecimal digits, such as 16 03 01";
        }
    }

    /** The bytes that a file has when the profile is read. */
    record FromFile() implements Shape<Template> {
        @Override
        public Template read(Value value) {
            String name = value.text(allowed());
            try {
                Path file = NamedFile.of(value, name);
                if (!Files.isRegularFile(file)) {
                    throw value.meaning((Files.exists(file) ? "is not a file: " : "does not exist: ") + quote(name));
                }
                return Template.ofHex(HexFormat.of().formatHex(bytes(value, file)));
            } catch (IOException | InvalidPathException e) {
                throw value.meaning(
                        "cannot be read: " + quote(name) + (e instanceof NoSuchFileException ? " does not exist" : ""));
            }
        }

        private static byte[] bytes(Value value, Path file) throws IOException {
            try (InputStream in = Files.newInputStream(file)) {
                byte[] bytes = in.readNBytes(Template.LARGEST_BYTES + 1);
                if (bytes.length == 0 || bytes.length > Template.LARGEST_BYTES) {
                    throw value.meaning(bytes.length == 0 ? "is empty" : "is larger than 256KiB");
                }
                return bytes;
            }
        }

        @Override
        public Object write(Template template) {
            throw new IllegalStateException("written as hex");
        }

        @Override
        public Map<String, Object> schema() {
            return anyScalar();
        }

        @Override
        public String allowed() {
            return "a file";
        }
    }
}
