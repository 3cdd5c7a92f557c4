package io.tcplab.loadgen.plan;

import static io.tcplab.loadgen.plan.ProfileError.quote;

import io.tcplab.loadgen.plan.Choice.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A body: its text, or where its bytes come from: {@code {bytes: 10kB}}, {@code {file: order.json}}. */
final class HttpBodyShape implements Shape<HttpBody> {

    private static final Choice<HttpBody> CHOICE = new Choice<>(List.of(
            new Kind<>(
                    "bytes",
                    HttpBody.Generated.class,
                    Shapes.bytes(1, HttpBody.MOST_BYTES).as(HttpBody.Generated::new, HttpBody.Generated::length),
                    "so many bytes of a fixed pattern"),
            new Kind<>(
                    "file",
                    HttpBody.FromFile.class,
                    new FromFile(),
                    "the bytes of a file of at most 64 MiB; a relative path begins at the profile's directory")));

    @Override
    public HttpBody read(Value value) {
        return value.node() instanceof Node.Fields ? CHOICE.read(value) : new HttpBody.Text(Shapes.TEXT.read(value));
    }

    @Override
    public Object write(HttpBody body) {
        return body instanceof HttpBody.Text text ? text.text() : CHOICE.write(body);
    }

    @Override
    public Map<String, Object> schema() {
        return JsonSchema.of("anyOf", List.of(Shapes.TEXT.schema(), CHOICE.schema()));
    }

    @Override
    public String allowed() {
        return "text, or one of bytes and file as a key";
    }

    @Override
    public Map<String, Shape<?>> inside() {
        return CHOICE.inside();
    }

    private static final class FromFile implements Shape<HttpBody.FromFile> {
        @Override
        public HttpBody.FromFile read(Value value) {
            String name = Shapes.TEXT.read(value);
            try {
                Path file = NamedFile.of(value, name);
                if (Files.isDirectory(file)) {
                    throw value.meaning(quote(name) + " is a directory");
                }
                return new HttpBody.FromFile(file, new Octets(read(value, file)));
            } catch (NoSuchFileException _) {
                throw value.meaning("there is no file " + quote(name));
            } catch (InvalidPathException | IOException e) {
                throw value.meaning("cannot read " + quote(name) + ": " + e.getMessage());
            }
        }

        /** What is no plain file, such as a device, has no length of its own and perhaps no end. */
        private static byte[] read(Value value, Path file) throws IOException {
            try (InputStream in = Files.newInputStream(file)) {
                byte[] bytes = in.readNBytes(HttpBody.MOST_BYTES + 1);
                if (bytes.length > HttpBody.MOST_BYTES) {
                    throw value.meaning(
                            quote(file.toString()) + " has more than 64 MiB, and a body has at most as many");
                }
                return bytes;
            }
        }

        @Override
        public Object write(HttpBody.FromFile body) {
            return body.file().toString();
        }

        @Override
        public Map<String, Object> schema() {
            return Shapes.TEXT.schema();
        }

        @Override
        public String allowed() {
            return "the path of a file";
        }
    }
}
