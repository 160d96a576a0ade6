package com.esperr.gateway.admin;

import com.esperr.gateway.http.QueryParameters;
import com.esperr.gateway.policy.ActiveMitigation;
import com.esperr.gateway.policy.Mitigations;
import com.esperr.gateway.policy.Mitigations.Entry;
import com.esperr.gateway.state.StateKey;
import com.esperr.gateway.telemetry.Audit;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /mitigations}: what is active for whom, a JSON line each, newest first; {@code search=TEXT} and {@code limit=N}
 * choose, and {@code tenant=ID} or {@code set=NAME} where there are several. POST orders one, DELETE with {@code key=K} takes one back; both are
 * recorded before they are done. Immutable.
 */
public final class MitigationsEndpoint implements ChangingEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(MitigationsEndpoint.class);
    private static final JsonFactory JSON = new JsonFactory();
    private static final int USUAL = 100;
    private static final int MOST = 10_000;
    private static final String LINES = "application/x-ndjson";

    private final Tenants<Mitigations> tenants;
    private final Audit audit;

    /** Shows and changes mitigations; changes are recorded in {@code audit}. */
    public MitigationsEndpoint(Tenants<Mitigations> mitigations, Audit audit) {
        this.tenants = mitigations;
        this.audit = audit;
    }

    @Override
    public String path() {
        return "/mitigations";
    }

    @Override
    public boolean present() {
        return !tenants.isEmpty();
    }

    @Override
    public String about() {
        return "what is active for whom";
    }

    @Override
    public AdminReply answer(AdminRequest request) {
        QueryParameters query = QueryParameters.parse(request.query());
        String search = query.last("search");
        String limit = query.last("limit");
        if (limit != null && !limit.matches("[0-9]{1,5}")) {
            return AdminReply.text(400, "limit: not understood (expected: 0.." + MOST + ")");
        }
        int most = limit == null ? USUAL : Math.min(MOST, Integer.parseInt(limit));
        try {
            Mitigations mitigations = tenants.chosenBy(query);
            return lines(200, mitigations.list(search == null ? "" : search, most));
        } catch (IllegalArgumentException wrong) {
            return AdminReply.text(422, String.valueOf(wrong.getMessage()));
        }
    }

    @Override
    public AdminReply change(AdminChange change) {
        try {
            QueryParameters query = QueryParameters.parse(change.query());
            Mitigations mitigations = tenants.chosenBy(query);
            return change.remove()
                    ? remove(mitigations, query.last("key"), change.by())
                    : add(mitigations, change.body(), change.by());
        } catch (IllegalArgumentException wrong) {
            return AdminReply.text(422, String.valueOf(wrong.getMessage()));
        } catch (IOException refused) {
            LOG.warn("log.audit cannot be written; a change was not made", refused);
            return AdminReply.text(503, "not done, because it cannot be recorded (expected: log.audit can be written)");
        }
    }

    private AdminReply add(Mitigations mitigations, String body, String by) throws IOException {
        MitigationOrder order = MitigationOrder.parse(body);
        Entry entry =
                mitigations.ordered(order.entity(), order.fields(), order.action(), order.lifetime(), order.reason());
        audit.record("mitigation-added", by, about(entry.key(), entry.mitigation(), entry));
        mitigations.put(entry);
        return lines(201, List.of(entry));
    }

    private AdminReply remove(Mitigations mitigations, @Nullable String text, String by) throws IOException {
        if (text == null) {
            throw new IllegalArgumentException("key: missing (expected: key=K, as the list shows it)");
        }
        StateKey key = StateKey.parse(text);
        List<ActiveMitigation> found = mitigations.find(key);
        if (found.isEmpty()) {
            return AdminReply.text(404, "key: nothing is active for it (expected: one that the list shows)");
        }
        for (ActiveMitigation one : found) {
            audit.record("mitigation-removed", by, about(key, one, null));
        }
        mitigations.remove(key);
        return AdminReply.text(200, "removed");
    }

    private static Map<String, String> about(StateKey key, ActiveMitigation mitigation, @Nullable Entry added) {
        Map<String, String> about = new LinkedHashMap<>();
        about.put("tenant", mitigation.tenant());
        about.put("key", key.toString());
        about.put("entity", mitigation.entity());
        about.put("values", mitigation.values().toString());
        about.put("decision", mitigation.action().label());
        about.put("decision_id", mitigation.decisionId());
        if (added != null) {
            about.put(
                    "expires_at", Instant.ofEpochMilli(added.expiresAtMillis()).toString());
        }
        String reason = mitigation.reason();
        if (reason != null) {
            about.put("reason", reason);
        }
        return about;
    }

    private static AdminReply lines(int status, List<Entry> entries) {
        StringWriter text = new StringWriter();
        try {
            for (Entry entry : entries) {
                try (JsonGenerator json = JSON.createGenerator(text)) {
                    entry.write(json);
                }
                text.append('\n');
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return AdminReply.of(status, LINES, text.toString());
    }
}
