package com.esperr.gateway.admin;

import com.esperr.gateway.http.QueryParameters;
import com.esperr.gateway.policy.PolicyCounts;
import com.esperr.gateway.policy.PolicyEngine;
import com.esperr.gateway.policy.PolicySet;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/** {@code /policies}: which policies are in force, and what came of each so far; {@code tenant=ID} or {@code set=NAME} where there are several.
 * Immutable. */
public final class PoliciesEndpoint implements Endpoint {
    private static final JsonFactory JSON = new JsonFactory();

    private final Tenants<PolicyEngine> engines;
    private final BooleanSupplier enforced;

    /**
     * Shows the policies of {@code engines}.
     *
     * @param engines the engines
     * @param enforced whether what they say is also done
     */
    public PoliciesEndpoint(Tenants<PolicyEngine> engines, BooleanSupplier enforced) {
        this.engines = engines;
        this.enforced = enforced;
    }

    @Override
    public String path() {
        return "/policies";
    }

    @Override
    public boolean present() {
        return !engines.isEmpty();
    }

    @Override
    public String about() {
        return "the policies in force and what came of each";
    }

    @Override
    public AdminReply answer(AdminRequest request) {
        try {
            return shown(engines.chosenBy(QueryParameters.parse(request.query())));
        } catch (IllegalArgumentException wrong) {
            return AdminReply.text(422, String.valueOf(wrong.getMessage()));
        }
    }

    private AdminReply shown(PolicyEngine engine) {
        PolicySet set = engine.policies();
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("hash", set.hash());
            json.writeBooleanField("enforced", enforced.getAsBoolean());
            writeOthers(json);
            json.writeArrayFieldStart("policies");
            for (String id : set.ids()) {
                write(json, id, engine.results().of(id));
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return AdminReply.json(200, text + "\n");
    }

    /** Names all where there are several, so that somebody who sees one learns of the others. */
    private void writeOthers(JsonGenerator json) throws IOException {
        if (engines.byId().size() > 1) {
            json.writeArrayFieldStart(engines.word() + 's');
            for (String id : new TreeSet<>(engines.byId().keySet())) {
                json.writeString(id);
            }
            json.writeEndArray();
        }
    }

    private static void write(JsonGenerator json, String id, PolicyCounts counts) throws IOException {
        json.writeStartObject();
        json.writeStringField("policy_id", id);
        json.writeNumberField("matched", counts.matched());
        json.writeNumberField("observed", counts.observed());
        json.writeNumberField("challenged", counts.challenged());
        json.writeNumberField("challenge_solved", counts.challengesSolved());
        json.writeNumberField("blocked", counts.blocked());
        if (counts.lastMatchMillis() > 0) {
            json.writeStringField(
                    "last_match", Instant.ofEpochMilli(counts.lastMatchMillis()).toString());
        }
        json.writeEndObject();
    }
}
