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
import java.util.stream.Collectors;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON Schema of a profile (draft 2020-12), the file {@code profiles/profile.schema.json} itself.
 *
 * <p>Loading the validator takes longer than reading a profile, so a run does not: the reader alone decides there, and the schema is
 * asked where all that is wrong is wanted at once.
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

    /** Returns what the schema has against a profile, at most one sentence for a place, under that place. */
    Map<Mark, String> faults(Node root) {
        Map<Mark, String> faults = new LinkedHashMap<>();
        for (Error error : schema.validate(json(root))) {
            NodePath path = error.getInstanceLocation();
            Node node = root;
            StringBuilder keys = new StringBuilder();
            for (int i = 0; i < path.getNameCount(); i++) {
                String key = String.valueOf(path.getElement(i));
                keys.append(i == 0 ? "" : ".").append(key);
                node = child(node, key);
            }
            faults.putIfAbsent(node.at(), node.at() + ": " + keys + (keys.isEmpty() ? "" : ": ") + sentence(error));
        }
        return faults;
    }

    /** The schema's own description of what it wants says more than a pattern does. */
    private String sentence(Error error) {
        JsonPointer keyword =
                JsonPointer.compile(error.getSchemaLocation().getFragment().toString());
        JsonNode rule = schema.getSchemaNode().at(keyword.head());
        String description = description(keyword);
        return switch (error.getKeyword()) {
            case "additionalProperties" -> {
                String key = String.valueOf(error.getProperty());
                yield "unknown key " + ProfileError.quote(key)
                        + Typo.didYouMean(key, rule.path("properties").propertyNames());
            }
            case "required" -> "the key " + error.getProperty() + " is missing";
            case "enum" ->
                "wants one of "
                        + rule.path("enum")
                                .valueStream()
                                .map(JsonNode::asString)
                                .collect(Collectors.joining(", "));
            default -> description.isEmpty() ? error.getMessage() : "wants " + description;
        };
    }

    /** The description that stands nearest above a keyword. */
    private String description(JsonPointer keyword) {
        String description = "";
        JsonPointer above = keyword;
        while (description.isEmpty() && !above.matches()) {
            above = above.head();
            description = schema.getSchemaNode().at(above).path("description").asString("");
        }
        return description;
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
