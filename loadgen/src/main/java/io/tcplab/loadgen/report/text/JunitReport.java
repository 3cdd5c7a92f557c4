package io.tcplab.loadgen.report.text;

import io.tcplab.loadgen.result.Summary;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/** A JUnit XML report, the format that CI servers read: of a run one test case for each threshold, and one for the result's validity. */
public final class JunitReport {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

    private JunitReport() {}

    /**
     * One test case.
     *
     * @param kind of a problem, {@code error} or {@code failure}
     * @param problem in words; absent = it passed
     */
    public record Case(String name, String kind, @Nullable String problem) {}

    /** The XML text of a run's report. */
    public static String of(Summary summary) {
        List<Case> cases = new ArrayList<>();
        cases.add(new Case("the result is valid", "error", summary.valid() ? null : whyInvalid(summary)));
        for (Summary.ThresholdResult threshold : summary.thresholds()) {
            Double actual = threshold.actual();
            String problem = actual == null ? "no such figure in this result" : "the figure is " + actual;
            cases.add(new Case(threshold.expression(), "failure", threshold.passed() ? null : problem));
        }
        return of(summary.profile(), summary.startedAt(), summary.durationSeconds(), cases);
    }

    /** The XML text of these cases. */
    public static String of(String name, Instant startedAt, double seconds, List<Case> cases) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeCharacters("\n");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", "tcplab." + name);
            xml.writeAttribute("tests", Integer.toString(cases.size()));
            xml.writeAttribute("failures", Long.toString(count(cases, "failure")));
            xml.writeAttribute("errors", Long.toString(count(cases, "error")));
            xml.writeAttribute("skipped", "0");
            xml.writeAttribute("timestamp", TIME.format(startedAt));
            xml.writeAttribute("time", String.format(Locale.ROOT, "%.3f", seconds));
            for (Case each : cases) {
                write(xml, name, each);
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

    private static long count(List<Case> cases, String kind) {
        return cases.stream()
                .filter(each -> each.problem() != null && each.kind().equals(kind))
                .count();
    }

    private static void write(XMLStreamWriter xml, String suite, Case each) throws XMLStreamException {
        xml.writeCharacters("\n  ");
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", "tcplab." + suite);
        xml.writeAttribute("name", each.name());
        String problem = each.problem();
        if (problem != null) {
            xml.writeEmptyElement(each.kind());
            xml.writeAttribute("message", problem);
        }
        xml.writeEndElement();
    }

    private static String whyInvalid(Summary summary) {
        return summary.warnings().isEmpty()
                ? "the result cannot be trusted"
                : summary.warnings().getFirst().message();
    }
}
