package io.tcplab.loadgen.inspect;

import io.tcplab.kernel.Printable;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * An inspection as a JUnit XML report: one test case for each check. One that does not do what is expected of it is a failure,
 * one that is not observable is skipped; an unusual or harmful behaviour that is expected, or of which nothing is expected, is a
 * test that passed.
 */
final class InspectJunit {

    private InspectJunit() {}

    static String of(Inspection inspection) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeCharacters("\n");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", "tcplab.inspect");
            xml.writeAttribute("tests", Integer.toString(inspection.results().size()));
            xml.writeAttribute(
                    "failures",
                    Long.toString(inspection.results().stream()
                            .filter(each -> unmet(inspection, each).isPresent())
                            .count()));
            xml.writeAttribute("errors", "0");
            xml.writeAttribute("skipped", Long.toString(inspection.count(CheckVerdict.NOT_OBSERVABLE)));
            for (CheckResult each : inspection.results()) {
                write(xml, inspection, each);
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

    private static Optional<Expectations.Compared> unmet(Inspection inspection, CheckResult result) {
        List<Expectations.Compared> all = inspection.expectations();
        return all == null
                ? Optional.empty()
                : all.stream()
                        .filter(each ->
                                !each.met() && each.id().equals(result.card().id()))
                        .findFirst();
    }

    private static void write(XMLStreamWriter xml, Inspection inspection, CheckResult result)
            throws XMLStreamException {
        Finding finding = result.finding();
        xml.writeCharacters("\n  ");
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", "tcplab.inspect." + result.card().id());
        xml.writeAttribute("name", result.card().title());
        xml.writeAttribute("time", String.format(Locale.ROOT, "%.3f", result.seconds()));
        Optional<Expectations.Compared> unmet = unmet(inspection, result);
        if (unmet.isPresent()) {
            xml.writeEmptyElement("failure");
            xml.writeAttribute(
                    "message",
                    "expected " + unmet.get().expected() + ", found "
                            + Printable.line(unmet.get().found()));
        } else if (finding.verdict() == CheckVerdict.NOT_OBSERVABLE) {
            xml.writeEmptyElement("skipped");
            xml.writeAttribute("message", finding.sentence() + ": " + finding.advice());
        }
        xml.writeStartElement("system-out");
        xml.writeCharacters(finding.verdict().id() + ": " + Printable.line(finding.sentence()));
        xml.writeEndElement();
        xml.writeEndElement();
    }
}
