package com.esperr.gateway.admin;

import com.esperr.gateway.policy.Mitigations;
import com.esperr.gateway.policy.PolicyCounts;
import com.esperr.gateway.policy.PolicyEngine;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tables of the dashboard: what came of the policies that matched most, the newest requests that were not simply forwarded, and whom
 * something can be ordered for. Bounded, whatever visitors do. Confined to the admin thread.
 */
final class Tables {
    static final int POLICIES = 100;
    static final int RECENT = 40;

    private static final JsonFactory JSON = new JsonFactory();

    /** Which members of an explanation are shown. */
    private static final List<String> MEMBERS = List.of(
            "reference",
            "time",
            "answer.status",
            "answer.outcome",
            "answer.failure",
            "decision.action",
            "decision.enforced",
            "decision.source",
            "decision.policy",
            "decision.reason",
            "decision.would_have_been",
            "client.address",
            "request.method",
            "request.host",
            "request.path",
            "request.user_agent");

    private final Tenants<PolicyEngine> engines;
    private final Overview.Newest newest;
    private String last = "";
    private List<Map<String, String>> recent = List.of();

    Tables(Tenants<PolicyEngine> engines, Overview.Newest newest) {
        this.engines = engines;
        this.newest = newest;
    }

    void write(JsonGenerator json) throws IOException {
        json.writeStringField("word", engines.word());
        json.writeArrayFieldStart("scopes");
        for (Map.Entry<String, PolicyEngine> named : new TreeMap<>(engines.byId()).entrySet()) {
            scope(json, named.getKey(), named.getValue());
        }
        json.writeEndArray();
        recent(json);
    }

    private static void scope(JsonGenerator json, String id, PolicyEngine engine) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", id);
        json.writeStringField("hash", engine.policies().hash());
        json.writeNumberField("policies_in_force", engine.policies().count());
        json.writeObjectFieldStart("entities");
        for (Map.Entry<String, List<String>> entity :
                new Mitigations(engine).entities().entrySet()) {
            json.writeArrayFieldStart(entity.getKey());
            for (String field : entity.getValue()) {
                json.writeString(field);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
        json.writeArrayFieldStart("policies");
        for (Row row : most(engine)) {
            row.write(json);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static List<Row> most(PolicyEngine engine) {
        List<Row> rows = new ArrayList<>();
        for (String id : engine.policies().ids()) {
            rows.add(new Row(id, engine.results().of(id)));
        }
        // Stable, so that policies that have matched nothing stay in the order in which they are asked.
        rows.sort(Comparator.comparingLong(Row::matched).reversed());
        return rows.subList(0, Math.min(POLICIES, rows.size()));
    }

    private void recent(JsonGenerator json) throws IOException {
        String first = newest.lines(1);
        if (!first.equals(last)) {
            last = first;
            recent = newest.lines(RECENT).lines().map(Tables::summary).toList();
        }
        json.writeArrayFieldStart("recent");
        for (Map<String, String> one : recent) {
            json.writeStartObject();
            for (Map.Entry<String, String> member : one.entrySet()) {
                json.writeStringField(member.getKey(), member.getValue());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** The members that are shown of one explanation, as texts. */
    private static Map<String, String> summary(String line) {
        Map<String, String> members = new TreeMap<>();
        try (JsonParser json = JSON.createParser(line)) {
            String above = "";
            int depth = 0;
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token.isStructStart()) {
                    depth++;
                    above = depth == 2 ? json.currentName() + '.' : above;
                } else if (token.isStructEnd()) {
                    depth--;
                    above = depth == 1 ? "" : above;
                } else if (token.isScalarValue() && depth <= 2) {
                    String name = above + json.currentName();
                    if (MEMBERS.contains(name)) {
                        members.put(name, json.getText());
                    }
                }
            }
        } catch (IOException cannotBe) {
            members.put("reference", "");
        }
        return members;
    }

    /** A policy and what came of it, read once so that sorting sees numbers that stay. */
    private record Row(String id, long matched, PolicyCounts counts) {
        Row(String id, PolicyCounts counts) {
            this(id, counts.matched(), counts);
        }

        void write(JsonGenerator json) throws IOException {
            json.writeStartObject();
            json.writeStringField("id", id);
            json.writeNumberField("matched", matched);
            json.writeNumberField("observed", counts.observed());
            json.writeNumberField("challenged", counts.challenged());
            json.writeNumberField("solved", counts.challengesSolved());
            json.writeNumberField("blocked", counts.blocked());
            json.writeNumberField("last", counts.lastMatchMillis());
            json.writeEndObject();
        }
    }
}
