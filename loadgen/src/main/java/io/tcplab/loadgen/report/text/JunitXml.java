package io.tcplab.loadgen.report.text;

import io.tcplab.kernel.Printable;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/** A test suite in JUnit's XML, the format that CI servers read. */
public final class JunitXml {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

    private JunitXml() {}

    /**
     * One test case.
     *
     * @param seconds it took; absent = not measured
     * @param problem absent = it passed
     * @param output what it printed; absent = nothing
     */
    public record TestCase(
            String className,
            String name,
            @Nullable Double seconds,
            @Nullable Problem problem,
            @Nullable String output) {}

    /**
     * Why a test case did not pass.
     *
     * @param kind {@code error}, {@code failure} or {@code skipped}
     */
    public record Problem(String kind, String message) {}

    /** The XML text; {@code startedAt} and {@code seconds} may be absent. */
    public static String of(String suite, @Nullable Instant startedAt, @Nullable Double seconds, List<TestCase> cases) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeCharacters("\n");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", Printable.line(suite));
            xml.writeAttribute("tests", Integer.toString(cases.size()));
            xml.writeAttribute("failures", Long.toString(count(cases, "failure")));
            xml.writeAttribute("errors", Long.toString(count(cases, "error")));
            xml.writeAttribute("skipped", Long.toString(count(cases, "skipped")));
            if (startedAt != null) {
                xml.writeAttribute("timestamp", TIME.format(startedAt));
            }
            writeTime(xml, seconds);
            for (TestCase each : cases) {
                write(xml, each);
            }
            xml.writeCharacters("\n");
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("a string takes any text", e);
        }
        return text.append('\n').toString();
    }

    private static long count(List<TestCase> cases, String kind) {
        return cases.stream()
                .map(TestCase::problem)
                .filter(problem -> problem != null && problem.kind().equals(kind))
                .count();
    }

    private static void write(XMLStreamWriter xml, TestCase each) throws XMLStreamException {
        xml.writeCharacters("\n  ");
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", Printable.line(each.className()));
        xml.writeAttribute("name", Printable.line(each.name()));
        writeTime(xml, each.seconds());
        Problem problem = each.problem();
        if (problem != null) {
            xml.writeEmptyElement(problem.kind());
            xml.writeAttribute("message", Printable.line(problem.message()));
        }
        String output = each.output();
        if (output != null) {
            xml.writeStartElement("system-out");
            xml.writeCharacters(printable(output));
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    /** XML has no way to write most control characters (XML 1.0, 2.2), and a server may have sent any. */
    private static String printable(String text) {
        StringBuilder safe = new StringBuilder();
        text.codePoints().forEach(each -> Printable.append(safe, each));
        return safe.toString();
    }

    private static void writeTime(XMLStreamWriter xml, @Nullable Double seconds) throws XMLStreamException {
        if (seconds != null) {
            xml.writeAttribute("time", String.format(Locale.ROOT, "%.3f", seconds));
        }
    }
}
