package com.esperr.gateway.explain;

import com.esperr.gateway.policy.PolicyAccount;
import com.esperr.gateway.request.FieldReference;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the policies came to what they said, as a part of an explanation. Stateless. */
final class PolicyPart {
    private PolicyPart() {}

    /** @param decided the hash of the policies by which the request was decided, or null */
    static void write(JsonGenerator json, PolicyAccount account, @Nullable String decided) throws IOException {
        json.writeObjectFieldStart("policies");
        json.writeStringField("hash", account.hash());
        if (decided != null && !decided.equals(account.hash())) {
            json.writeStringField("note", "others are in force by now, of which this tells");
        }
        json.writeArrayFieldStart("asked");
        for (PolicyAccount.Asked policy : account.policies()) {
            json.writeStartObject();
            json.writeStringField("policy", policy.policy());
            json.writeBooleanField("in_scope", policy.inScope());
            json.writeArrayFieldStart("clauses");
            for (PolicyAccount.AskedClause clause : policy.clauses()) {
                write(json, clause);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        if (account.left() > 0) {
            json.writeNumberField("more", account.left());
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, PolicyAccount.AskedClause clause) throws IOException {
        PolicyAccount.Window window = clause.window();
        json.writeStartObject();
        json.writeStringField("clause", clause.clause());
        json.writeBooleanField("condition", clause.holds());
        if (clause.score() != 0) {
            json.writeNumberField("score", clause.score());
        }
        if (window != null) {
            json.writeObjectFieldStart("window");
            if (window.count() >= 0) {
                json.writeNumberField("count", window.count());
            }
            json.writeNumberField("threshold", window.threshold());
            json.writeNumberField("seconds", window.seconds());
            json.writeStringField("entity", window.entity());
            values(json, "of", window.visitor());
            json.writeEndObject();
        }
        json.writeArrayFieldStart("tests");
        for (PolicyAccount.Test test : clause.tests()) {
            write(json, test);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, PolicyAccount.Test test) throws IOException {
        List<FieldReference> fields =
                test.fields().stream().map(PolicyAccount.Value::field).toList();
        json.writeStartObject();
        json.writeBooleanField("holds", test.holds());
        json.writeStringField("operator", test.operator());
        if (!test.operands().isEmpty()) {
            json.writeStringField("with", Secrets.shown(fields, test.operands()));
        }
        values(json, "read", test.fields());
        json.writeEndObject();
    }

    private static void values(JsonGenerator json, String name, List<PolicyAccount.Value> values) throws IOException {
        json.writeObjectFieldStart(name);
        for (PolicyAccount.Value value : values) {
            json.writeStringField(value.field().toString(), Secrets.shown(value.field(), value.text()));
        }
        json.writeEndObject();
    }
}
