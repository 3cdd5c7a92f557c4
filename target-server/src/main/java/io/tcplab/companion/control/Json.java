package io.tcplab.companion.control;

import io.tcplab.kernel.Printable;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** JSON objects in one line each, by Jackson's streaming part alone: binding would cost the companion a third of its start-up. */
final class Json {

    /** No count of ours is greater; the sum of a million such is still a long. */
    static final long MOST = 1L << 43;

    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    /** One object in one line, without a line end; the body writes its properties. */
    static String object(Consumer<JsonGenerator> body) {
        StringWriter text = new StringWriter(256);
        try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            generator.writeStartObject();
            body.accept(generator);
            generator.writeEndObject();
        }
        return text.toString();
    }

    /**
     * Reads one object: values are maps, lists, strings, booleans, Long, Double or null.
     *
     * @throws IllegalArgumentException where the text is no object
     */
    static Map<String, @Nullable Object> parse(String text) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("it is not a JSON object");
            }
            return objectAt(parser);
        } catch (JacksonException damaged) {
            throw new IllegalArgumentException("it is damaged JSON: " + damaged.getOriginalMessage(), damaged);
        }
    }

    private static Map<String, @Nullable Object> objectAt(JsonParser parser) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            object.put(name, valueAt(parser, parser.nextToken()));
        }
        return object;
    }

    private static @Nullable Object valueAt(JsonParser parser, JsonToken token) {
        return switch (token) {
            case START_OBJECT -> objectAt(parser);
            case START_ARRAY -> arrayAt(parser);
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
                throw new IllegalArgumentException("unexpected " + token);
        };
    }

    private static List<@Nullable Object> arrayAt(JsonParser parser) {
        List<@Nullable Object> array = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            array.add(valueAt(parser, token));
        }
        return array;
    }

    /** The number of that name, or the fallback where there is none. */
    static long integer(Map<String, @Nullable Object> object, String name, long fallback) {
        return object.get(name) instanceof Number number ? number.longValue() : fallback;
    }

    /** The whole number of that name; throws IllegalArgumentException where there is none. */
    static long whole(Map<String, @Nullable Object> object, String name) {
        if (object.get(name) instanceof Long number) {
            return number;
        }
        throw new IllegalArgumentException(Printable.shortLine(name) + " is not a whole number");
    }

    /**
     * The number of that name, from {@code least} to {@code most}; 0 where there is none. Throws IllegalArgumentException for any other.
     */
    static long within(Map<String, @Nullable Object> object, String name, long least, long most) {
        if (!object.containsKey(name)) {
            return 0;
        }
        long number = whole(object, name);
        if (number < least || number > most) {
            throw new IllegalArgumentException(Printable.shortLine(name) + " is " + number + ", which cannot be");
        }
        return number;
    }

    /** The object of that name, or an empty one where there is none; throws IllegalArgumentException for a value of another kind. */
    @SuppressWarnings("unchecked") // Maps come from objectAt alone.
    static Map<String, @Nullable Object> object(Map<String, @Nullable Object> object, String name) {
        if (!object.containsKey(name)) {
            return Map.of();
        }
        if (object.get(name) instanceof Map<?, ?> inner) {
            return (Map<String, @Nullable Object>) inner;
        }
        throw new IllegalArgumentException(Printable.shortLine(name) + " is not an object");
    }

    /** The objects in the array of that name. */
    @SuppressWarnings("unchecked") // Maps come from objectAt alone.
    static List<Map<String, @Nullable Object>> objects(Map<String, @Nullable Object> object, String name) {
        List<Map<String, @Nullable Object>> objects = new ArrayList<>();
        if (object.get(name) instanceof List<?> elements) {
            for (Object element : elements) {
                if (element instanceof Map<?, ?> map) {
                    objects.add((Map<String, @Nullable Object>) map);
                }
            }
        }
        return objects;
    }

    /** The text of that name, or the fallback where there is none. */
    static String string(Map<String, @Nullable Object> object, String name, String fallback) {
        return object.get(name) instanceof String string ? string : fallback;
    }
}
