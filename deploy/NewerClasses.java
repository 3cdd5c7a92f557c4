import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Rewrites the class files of a jar that are older than Java 6 as those of Java 8, with the stack maps that these have (JVMS §4.7.4):
 * {@code java -cp JAR NewerClasses.java JAR SECONDS}, for deploy/release. The JVM archives no class without them, and has to verify it
 * by inference at each start. All entries get one time, in seconds since 1970.
 */
final class NewerClasses {

    private static final int JAVA_6 = 50;
    private static final int JAVA_8 = 52;

    private NewerClasses() {}

    public static void main(String[] arguments) throws IOException {
        Path jar = Path.of(arguments[0]);
        long millis = 1000 * Long.parseLong(arguments[1]);
        Map<String, byte[]> entries = new TreeMap<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            List<? extends ZipEntry> all = new ArrayList<>(Collections.list(zip.entries()));
            for (ZipEntry entry : all) {
                byte[] bytes = zip.getInputStream(entry).readAllBytes();
                entries.put(entry.getName(), entry.getName().endsWith(".class") ? newer(bytes) : bytes);
            }
        }
        Path written = jar.resolveSibling(jar.getFileName() + ".new");
        try (OutputStream file = Files.newOutputStream(written);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            for (Map.Entry<String, byte[]> each : entries.entrySet()) {
                ZipEntry entry = new ZipEntry(each.getKey());
                entry.setTime(millis);
                zip.putNextEntry(entry);
                zip.write(each.getValue());
                zip.closeEntry();
            }
        }
        Path _ = Files.move(written, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    private static byte[] newer(byte[] bytes) {
        ClassFile classFile = ClassFile.of(
                StackMapsOption.GENERATE_STACK_MAPS,
                ClassHierarchyResolverOption.of(
                        ClassHierarchyResolver.ofResourceParsing(ClassLoader.getSystemClassLoader())));
        ClassModel model = classFile.parse(bytes);
        if (model.majorVersion() >= JAVA_6) {
            return bytes;
        }
        CodeTransform again = (code, element) -> code.with(element);
        ClassTransform version = (made, element) -> {
            if (element instanceof ClassFileVersion) {
                made.withVersion(JAVA_8, 0);
            } else {
                made.with(element);
            }
        };
        return classFile.transformClass(model, version.andThen(ClassTransform.transformingMethodBodies(again)));
    }
}
