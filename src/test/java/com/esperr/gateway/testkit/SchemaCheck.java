package com.esperr.gateway.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Holds JSON against the schemas of an OpenAPI description: the part of JSON Schema that the description uses, and nothing
 * else, as an unknown keyword fails the check. Remembers the members it has seen. Confined to one thread.
 */
public final class SchemaCheck {
    private static final Set<String> KNOWN = Set.of(
            "type",
            "enum",
            "required",
            "properties",
            "additionalProperties",
            "items",
            "oneOf",
            "$ref",
            "pattern",
            "minLength",
            "maxLength",
            "minItems",
            "minProperties",
            "minimum",
            "maximum",
            "format",
            "description");

    private final JsonNode document;
    private final Set<String> seen = new TreeSet<>();

    /** Checks by the description {@code document}. */
    public SchemaCheck(JsonNode document) {
        this.document = document;
    }

    /** The members that were seen, as {@code Schema.member}. */
    public Set<String> seen() {
        return seen;
    }

    /** Everything about {@code value} that {@code schema} does not allow. */
    public List<String> violations(JsonNode schema, JsonNode value) {
        List<String> found = new ArrayList<>();
        check(schema, value, "", "", found);
        return found;
    }

    private void check(JsonNode schema, JsonNode value, String name, String at, List<String> found) {
        for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
            if (!KNOWN.contains(keyword.getKey())) {
                found.add(at + ": keyword " + keyword.getKey() + " is not one that is checked");
            }
        }
        if (schema.has("$ref")) {
            String pointer = schema.path("$ref").asText().substring(1);
            JsonNode referred = document.at(pointer);
            if (referred.isMissingNode()) {
                found.add(at + ": " + pointer + " is not there");
            }
            check(referred, value, pointer.substring(pointer.lastIndexOf('/') + 1), at, found);
            return;
        }
        if (schema.has("oneOf")) {
            oneOf(schema.path("oneOf"), value, name, at, found);
            return;
        }
        if (schema.has("type") && !hasType(schema.path("type"), value)) {
            found.add(at + ": " + value + " is not of type " + schema.path("type"));
            return;
        }
        scalar(schema, value, at, found);
        if (value.isObject()) {
            members(schema, value, name, at, found);
        }
        if (value.isArray() && schema.has("items")) {
            for (int i = 0; i < value.size(); i++) {
                check(schema.path("items"), value.get(i), name, at + "/" + i, found);
            }
        }
    }

    private void oneOf(JsonNode choices, JsonNode value, String name, String at, List<String> found) {
        List<List<String>> outcomes = new ArrayList<>();
        for (JsonNode choice : choices) {
            List<String> outcome = new ArrayList<>();
            check(choice, value, name, at, outcome);
            outcomes.add(outcome);
        }
        if (outcomes.stream().filter(List::isEmpty).count() != 1) {
            found.add(at + ": not exactly one of the choices: " + outcomes);
        }
    }

    private static void scalar(JsonNode schema, JsonNode value, String at, List<String> found) {
        if (schema.has("enum")) {
            boolean listed = false;
            for (JsonNode choice : schema.path("enum")) {
                listed |= choice.equals(value);
            }
            if (!listed) {
                found.add(at + ": " + value + " is none of " + schema.path("enum"));
            }
        }
        if (schema.has("pattern")
                && !Pattern.compile(schema.path("pattern").asText())
                        .matcher(value.asText())
                        .find()) {
            found.add(at + ": " + value + " does not match " + schema.path("pattern"));
        }
        if (value.isTextual()
                && value.asText().length() < schema.path("minLength").asInt(0)) {
            found.add(at + ": too short");
        }
        if (value.isArray() && value.size() < schema.path("minItems").asInt(0)) {
            found.add(at + ": too few");
        }
    }

    private void members(JsonNode schema, JsonNode value, String name, String at, List<String> found) {
        for (JsonNode required : schema.path("required")) {
            if (!value.has(required.asText())) {
                found.add(at + ": " + required + " is missing");
            }
        }
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            JsonNode known = schema.path("properties").path(member.getKey());
            if (!known.isMissingNode()) {
                seen.add(name + '.' + member.getKey());
                check(known, member.getValue(), name, at + "/" + member.getKey(), found);
            } else if (schema.path("additionalProperties").isObject()) {
                check(schema.path("additionalProperties"), member.getValue(), name, at + "/" + member.getKey(), found);
            } else if (schema.has("additionalProperties")
                    && !schema.path("additionalProperties").asBoolean()) {
                found.add(at + ": member " + member.getKey() + " is not described");
            }
        }
    }

    private static boolean hasType(JsonNode type, JsonNode value) {
        if (type.isArray()) {
            for (JsonNode one : type) {
                if (hasType(one, value)) {
                    return true;
                }
            }
            return false;
        }
        return switch (type.asText()) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "boolean" -> value.isBoolean();
            case "integer" -> value.isIntegralNumber();
            case "null" -> value.isNull();
            default -> false;
        };
    }
}
