import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.InvokeDynamicEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Merges lists that {@code -XX:DumpLoadedClassList} wrote into one of what most of them have: {@code java -cp tcplab-loadgen.jar
 * StartUpClasses.java LIST…}, for deploy/release.
 *
 * <p>The JVM lists the references that each class had resolved ({@code @cp}); they differ from run to run with what the threads met. In
 * their place stand all references of every listed class, of which the JVM archives those that it can.
 * Without any, a start takes half as long again.
 */
final class StartUpClasses {

    private StartUpClasses() {}

    public static void main(String[] lists) throws IOException {
        Map<String, Integer> seen = new TreeMap<>();
        for (String list : lists) {
            Files.readAllLines(Path.of(list)).stream()
                    .filter(line -> !line.startsWith("#") && !line.startsWith("@cp ") && !line.contains(" source: "))
                    .map(line -> line.replaceFirst(" id: \\d+", ""))
                    .distinct()
                    .forEach(line -> seen.merge(line, 1, Integer::sum));
        }
        List<String> lines = seen.keySet().stream().filter(line -> 2 * seen.get(line) > lists.length).toList();
        StringBuilder merged = new StringBuilder();
        lines.forEach(line -> merged.append(line).append('\n'));
        lines.stream().filter(line -> !line.startsWith("@")).forEach(name -> merged.append(references(name)));
        System.out.print(merged);
    }

    private static String references(String name) {
        StringBuilder line = new StringBuilder("@cp " + name);
        try (InputStream bytes = open(name)) {
            for (PoolEntry entry : ClassFile.of().parse(bytes.readAllBytes()).constantPool()) {
                if (entry instanceof ClassEntry || entry instanceof MemberRefEntry || entry instanceof InvokeDynamicEntry) {
                    line.append(' ').append(entry.index());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return line.append('\n').toString();
    }

    /** From the class path, or from the module of the runtime that has it. */
    private static InputStream open(String name) throws IOException {
        InputStream bytes = ClassLoader.getSystemResourceAsStream(name + ".class");
        if (bytes != null) {
            return bytes;
        }
        try {
            Class<?> owner = Class.forName(name.replace('/', '.'), false, ClassLoader.getSystemClassLoader());
            return owner.getModule().getResourceAsStream(name + ".class");
        } catch (ClassNotFoundException e) {
            throw new IOException(name + " is on the list and nowhere else", e);
        }
    }
}
