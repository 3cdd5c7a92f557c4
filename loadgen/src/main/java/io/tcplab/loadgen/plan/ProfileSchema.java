package io.tcplab.loadgen.plan;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.NodePath;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON Schema of a profile (draft 2020-12), the file {@code profiles/profile.schema.json} itself.
 *
 * <p>It is made of the same {@link Key}s as the reader is. Loading the validator takes longer than reading a profile, so a run does not:
 * the reader alone decides there, and the schema is asked where all that is wrong is to be said at once.
 */
final class ProfileSchema {

    private static final Pattern INTEGER = Pattern.compile("-?(?:0|[1-9][0-9]{0,24})");
    private static final Pattern DECIMAL = Pattern.compile("-?(?:0|[1-9][0-9]{0,17})\\.[0-9]{1,20}");
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Schema schema;

    private ProfileSchema(Schema schema) {
        this.schema = schema;
    }

    static ProfileSchema load() {
        try (InputStream in = ProfileSchema.class.getResourceAsStream("profile.schema.json")) {
            SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
            return new ProfileSchema(
                    registry.getSchema(Objects.requireNonNull(in, "profile.schema.json"), InputFormat.JSON));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the schema as the keys describe it; the file must hold the same. */
    static Map<String, Object> ofKeys() {
        Map<String, Object> definitions = new LinkedHashMap<>();
        for (Measure measure : Measure.values()) {
            definitions.put(measure.definition(), measure.schema());
            definitions.put(measure.definition() + "Quantity", QuantityShape.definition(measure));
        }
        definitions.put("rate", RateShape.DEFINITION);
        definitions.put(ScriptShape.DEFINITION, ScriptKeys.SHAPE.definition());
        Map<String, Object> schema = JsonSchema.of(
                "$schema",
                "https://json-schema.org/draft/2020-12/schema",
                "$id",
                "urn:tcplab:profile:1",
                "title",
                "tcplab load profile",
                "description",
                "What a run does. The units are part of the values: 10ms, 5000/s, 64B.");
        schema.putAll(ProfileKeys.form("").schema());
        schema.put("$defs", definitions);
        return schema;
    }

    /** Returns what the schema has against a profile, at most one sentence for a place, under that place. */
    Map<Mark, String> faults(Node root) {
        Map<Mark, String> faults = new LinkedHashMap<>();
        for (Error error : schema.validate(json(root))) {
            NodePath path = error.getInstanceLocation();
            Node node = root;
            Shape<?> shape = ProfileKeys.form("");
            StringBuilder keys = new StringBuilder();
            for (int i = 0; i < path.getNameCount(); i++) {
                String key = String.valueOf(path.getElement(i));
                keys.append(i == 0 ? "" : ".").append(key);
                node = child(node, key);
                shape = shape.inside(key);
            }
            faults.putIfAbsent(
                    node.at(), node.at() + ": " + keys + (keys.isEmpty() ? "" : ": ") + sentence(error, shape));
        }
        return faults;
    }

    /** What a key's shape says it may be is clearer than a pattern. */
    private String sentence(Error error, Shape<?> shape) {
        return switch (error.getKeyword()) {
            case "additionalProperties" -> {
                String key = String.valueOf(error.getProperty());
                yield "unknown key " + ProfileError.quote(key)
                        + Typo.didYouMean(key, shape.inside().keySet());
            }
            case "required" -> "the key " + error.getProperty() + " is missing";
            default -> "must be " + shape.allowed();
        };
    }

    private static Node child(Node node, String key) {
        return switch (node) {
            case Node.Fields fields -> {
                Node.Field field = fields.fields().get(key);
                yield field == null ? node : field.value();
            }
            case Node.Items list -> list.items().get(Integer.parseInt(key));
            case Node.Text _ -> node;
        };
    }

    /** The tree as YAML's core schema reads it (YAML 1.2.2 §10.3), but for number formats that no key takes. */
    private static JsonNode json(Node node) {
        return switch (node) {
            case Node.Text text -> text.plain() ? plain(text) : JSON.stringNode(text.value());
            case Node.Items list -> {
                ArrayNode array = JSON.arrayNode();
                list.items().forEach(item -> array.add(json(item)));
                yield array;
            }
            case Node.Fields fields -> {
                ObjectNode object = JSON.objectNode();
                fields.fields().forEach((key, field) -> object.set(key, json(field.value())));
                yield object;
            }
        };
    }

    private static JsonNode plain(Node.Text text) {
        String value = text.value();
        if (text.isNull()) {
            return JSON.nullNode();
        }
        if (List.of("true", "false").contains(value)) {
            return JSON.booleanNode(value.equals("true"));
        }
        if (INTEGER.matcher(value).matches()) {
            return JSON.numberNode(new BigInteger(value));
        }
        return DECIMAL.matcher(value).matches() ? JSON.numberNode(new BigDecimal(value)) : JSON.stringNode(value);
    }
}
