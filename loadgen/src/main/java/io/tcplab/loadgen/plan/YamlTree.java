package io.tcplab.loadgen.plan;

import static io.tcplab.loadgen.plan.ProfileError.Kind.SYNTAX;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads YAML 1.2 into {@link Node}s, keeping each one's place.
 *
 * <p>It takes what a profile needs: one document of keys, lists and scalars. Anchors, aliases and tags are refused, and the nesting
 * is limited, so that no file can grow while it is read.
 */
final class YamlTree {

    private static final int DEEPEST = 20;
    private static final int LONGEST_PROBLEM = 160;

    private final Iterator<Event> events;
    private final String source;
    private final boolean places;

    private YamlTree(String source, String text, boolean places) {
        this.source = source;
        this.places = places;
        LoadSettings settings = LoadSettings.builder().setLabel(source).build();
        this.events = new Parse(settings).parseString(text).iterator();
    }

    /** Reads a file's text. */
    static Node read(String source, String text) {
        return read(source, text, true);
    }

    /** Reads a value given in an option: its parts have the option as their place. */
    static Node readInline(String source, String text) {
        return read(source, text, false);
    }

    private static Node read(String source, String text, boolean places) {
        if (text.codePoints().anyMatch(each -> each >= Character.MIN_SURROGATE && each <= Character.MAX_SURROGATE)) {
            throw new ProfileError(SYNTAX, Mark.whole(source), "", "is not YAML: it contains half of a character");
        }
        try {
            return new YamlTree(source, text, places).document();
        } catch (MarkedYamlEngineException e) {
            throw notYaml(source, text, e);
        } catch (ReaderException e) {
            String sentence = String.format("is not YAML: it contains the character U+%04X", e.getCodePoint());
            throw new ProfileError(SYNTAX, Mark.whole(source), "", sentence);
        } catch (YamlEngineException e) {
            throw new ProfileError(SYNTAX, Mark.whole(source), "", "is not YAML: " + oneLine(e.getMessage()));
        }
    }

    private static ProfileError notYaml(String source, String text, MarkedYamlEngineException e) {
        var mark = e.getProblemMark().or(e::getContextMark);
        Mark at = mark.map(m -> new Mark(source, m.getLine() + 1, m.getColumn() + 1))
                .orElse(Mark.whole(source));
        String problem = oneLine(e.getProblem());
        String advice = "";
        if (problem.contains("TAB")) {
            advice = "; indent with spaces";
        } else if (text.lines()
                        .skip(Math.max(0, at.line() - 1L))
                        .findFirst()
                        .orElse("")
                        .contains("[:")
                || text.contains("target: [")) {
            advice = "; an IPv6 target needs quotation marks: \"[::1]:9000\"";
        }
        return new ProfileError(SYNTAX, at, "", "is not YAML: " + problem + advice);
    }

    private static String oneLine(@Nullable String problem) {
        return problem == null ? "it cannot be parsed" : ProfileError.plain(problem.strip(), LONGEST_PROBLEM);
    }

    private Node document() {
        next(); // stream start
        Event event = next();
        if (event.getEventId() == Event.ID.StreamEnd) {
            return new Node.Text(Mark.whole(source), "", true);
        }
        Node node = node(next(), 1);
        next(); // document end
        Event after = next();
        if (after.getEventId() != Event.ID.StreamEnd) {
            throw error(after, "holds a second document; a profile is one document, without further --- lines");
        }
        return node;
    }

    private Event next() {
        return events.next();
    }

    private Node node(Event event, int depth) {
        if (depth > DEEPEST) {
            throw error(event, "is nested more than " + DEEPEST + " levels deep");
        }
        if (event instanceof AliasEvent) {
            throw error(event, "uses a YAML alias (*name); write the value out");
        }
        if (event instanceof NodeEvent named && named.getAnchor().isPresent()) {
            throw error(event, "uses a YAML anchor (&name); write the value out where it is needed");
        }
        if (event instanceof ScalarEvent scalar) {
            refuseTag(event, scalar.getTag().isPresent());
            return new Node.Text(mark(event), scalar.getValue(), scalar.isPlain());
        }
        refuseTag(event, ((CollectionStartEvent) event).getTag().isPresent());
        return event.getEventId() == Event.ID.MappingStart ? fields(event, depth) : items(event, depth);
    }

    private void refuseTag(Event event, boolean tagged) {
        if (tagged) {
            throw error(event, "uses a YAML tag (!name); a profile has none");
        }
    }

    private Node fields(Event start, int depth) {
        Map<String, Node.Field> fields = new LinkedHashMap<>();
        for (Event event = next(); event.getEventId() != Event.ID.MappingEnd; event = next()) {
            if (!(node(event, depth + 1) instanceof Node.Text key)) {
                throw error(event, "has a key that is not a word");
            }
            Node.Field earlier = fields.put(key.value(), new Node.Field(key.at(), node(next(), depth + 1)));
            if (earlier != null) {
                String first = places ? ", first in line " + earlier.keyAt().line() : "";
                throw error(event, "has the key " + ProfileError.quote(key.value()) + " twice" + first);
            }
        }
        return new Node.Fields(mark(start), fields);
    }

    private Node items(Event start, int depth) {
        List<Node> items = new ArrayList<>();
        for (Event event = next(); event.getEventId() != Event.ID.SequenceEnd; event = next()) {
            items.add(node(event, depth + 1));
        }
        return new Node.Items(mark(start), items);
    }

    private Mark mark(Event event) {
        return places
                ? event.getStartMark()
                        .map(m -> new Mark(source, m.getLine() + 1, m.getColumn() + 1))
                        .orElse(Mark.whole(source))
                : Mark.whole(source);
    }

    private ProfileError error(Event event, String sentence) {
        return new ProfileError(SYNTAX, mark(event), "", sentence);
    }
}
