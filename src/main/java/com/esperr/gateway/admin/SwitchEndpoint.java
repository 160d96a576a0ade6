package com.esperr.gateway.admin;

import com.esperr.gateway.telemetry.Audit;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Something that POST switches on and DELETE off; GET says how it stands. What is switched is recorded first. Immutable. */
public final class SwitchEndpoint implements ChangingEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(SwitchEndpoint.class);
    private static final JsonFactory JSON = new JsonFactory();

    private final String name;
    private final String about;
    private final Switch state;
    private final Audit audit;

    /** Under the path of that {@code name}; what is done with {@code state} is recorded in {@code audit}. */
    public SwitchEndpoint(String name, String about, Switch state, Audit audit) {
        this.name = name;
        this.about = about;
        this.state = state;
        this.audit = audit;
    }

    @Override
    public String path() {
        return "/" + name;
    }

    @Override
    public String about() {
        return about;
    }

    @Override
    public AdminReply answer(AdminRequest request) {
        return shown();
    }

    @Override
    public AdminReply change(AdminChange change) {
        boolean on = !change.remove();
        try {
            audit.record(name + (on ? "-on" : "-off"), change.by(), Map.of());
        } catch (IOException refused) {
            LOG.warn("log.audit cannot be written; {} was not switched", name, refused);
            return AdminReply.text(503, "not done, because it cannot be recorded (expected: log.audit can be written)");
        }
        state.turn(on, change.by());
        return shown();
    }

    private AdminReply shown() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            for (Map.Entry<String, Object> fact : state.facts().entrySet()) {
                json.writeFieldName(fact.getKey());
                json.writeObject(fact.getValue());
            }
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return AdminReply.json(200, text + "\n");
    }
}
