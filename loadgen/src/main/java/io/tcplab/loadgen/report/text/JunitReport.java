package io.tcplab.loadgen.report.text;

import io.tcplab.loadgen.result.Summary;
import java.io.StringWriter;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** The thresholds as a JUnit XML report, the format that CI servers read: one test case each, and one for the result's validity. */
public final class JunitReport {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

    private JunitReport() {}

    /** The XML text. */
    public static String of(Summary summary) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            writeSuite(xml, summary);
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("a string takes any text", e);
        }
        return text.append('\n').toString();
    }

    private static void writeSuite(XMLStreamWriter xml, Summary summary) throws XMLStreamException {
        long failed = summary.thresholds().stream()
                .filter(threshold -> !threshold.passed())
                .count();
        xml.writeCharacters("\n");
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", "tcplab." + summary.profile());
        xml.writeAttribute("tests", Integer.toString(summary.thresholds().size() + 1));
        xml.writeAttribute("failures", Long.toString(failed));
        xml.writeAttribute("errors", summary.valid() ? "0" : "1");
        xml.writeAttribute("skipped", "0");
        xml.writeAttribute("timestamp", TIME.format(summary.startedAt()));
        xml.writeAttribute("time", String.format(Locale.ROOT, "%.3f", summary.durationSeconds()));
        startCase(xml, summary, "the result is valid");
        if (!summary.valid()) {
            problem(xml, "error", whyInvalid(summary));
        }
        xml.writeEndElement();
        for (Summary.ThresholdResult threshold : summary.thresholds()) {
            startCase(xml, summary, threshold.expression());
            if (!threshold.passed()) {
                Double actual = threshold.actual();
                problem(xml, "failure", actual == null ? "there is no such figure" : "the figure is " + actual);
            }
            xml.writeEndElement();
        }
        xml.writeCharacters("\n");
        xml.writeEndElement();
    }

    private static void startCase(XMLStreamWriter xml, Summary summary, String name) throws XMLStreamException {
        xml.writeCharacters("\n  ");
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", "tcplab." + summary.profile());
        xml.writeAttribute("name", name);
    }

    private static void problem(XMLStreamWriter xml, String kind, String message) throws XMLStreamException {
        xml.writeEmptyElement(kind);
        xml.writeAttribute("message", message);
    }

    private static String whyInvalid(Summary summary) {
        return summary.warnings().isEmpty()
                ? "the result is not to be believed"
                : summary.warnings().getFirst().message();
    }
}
