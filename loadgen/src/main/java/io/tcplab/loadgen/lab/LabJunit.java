package io.tcplab.loadgen.lab;

import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Results as a JUnit XML report: one test case each. A failed expectation is a failure, an untestable experiment is skipped; a refuted
 * hypothesis is a test that passed.
 */
public final class LabJunit {
    private LabJunit() {}

    /** The XML text. */
    public static String of(List<LabResult> results) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeCharacters("\n");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", "tcplab.lab");
            xml.writeAttribute("tests", Integer.toString(results.size()));
            xml.writeAttribute("failures", Long.toString(count(results, false)));
            xml.writeAttribute("errors", "0");
            xml.writeAttribute("skipped", Long.toString(count(results, true)));
            for (LabResult each : results) {
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

    private static long count(List<LabResult> results, boolean skipped) {
        return results.stream()
                .filter(each -> skipped ? each.passed() && each.verdict() == Verdict.UNTESTABLE : !each.passed())
                .count();
    }

    private static void write(XMLStreamWriter xml, LabResult result) throws XMLStreamException {
        xml.writeCharacters("\n  ");
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", "tcplab.lab." + result.card().id());
        xml.writeAttribute("name", result.card().title());
        xml.writeAttribute("time", String.format(Locale.ROOT, "%.3f", result.seconds()));
        if (!result.passed()) {
            xml.writeEmptyElement("failure");
            xml.writeAttribute("message", result.reason());
        } else if (result.verdict() == Verdict.UNTESTABLE) {
            xml.writeEmptyElement("skipped");
            xml.writeAttribute("message", result.reason());
        } else {
            xml.writeStartElement("system-out");
            xml.writeCharacters(result.verdict().word() + ": " + result.reason());
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }
}
