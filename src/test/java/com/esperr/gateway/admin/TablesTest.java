package com.esperr.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TablesTest {
    private static final String EXPLANATION =
            "{\"reference\":\"ABC\",\"time\":\"2026-11-21T09:30:00Z\",\"answer\":{\"status\":403,\"outcome\":\"blocked\"},"
                    + "\"decision\":{\"action\":\"block\",\"enforced\":true,\"policy\":\"p\",\"reason\":\"<b>\"},"
                    + "\"client\":{\"address\":\"192.0.2.1\",\"peer\":\"192.0.2.9\"},"
                    + "\"request\":{\"method\":\"GET\",\"path\":\"/x\",\"route\":\"/**\"},"
                    + "\"policies\":{\"asked\":[{\"request\":{\"path\":\"/deep\"},\"reference\":\"no\"},[1,[2]]],\"reference\":\"no\"},"
                    + "\"micros\":{\"done\":74}}";

    @Test
    void ofAnExplanationOnlyTheMembersAreToldThatAreShown() throws IOException {
        Tables tables = new Tables(Tenants.sets(Map.of()), limit -> EXPLANATION + "\n");
        assertThat(text(tables))
                .isEqualTo(
                        "{\"word\":\"set\",\"scopes\":[],\"recent\":[{\"answer.outcome\":\"blocked\",\"answer.status\":\"403\","
                                + "\"client.address\":\"192.0.2.1\",\"decision.action\":\"block\",\"decision.enforced\":\"true\","
                                + "\"decision.policy\":\"p\",\"decision.reason\":\"<b>\",\"reference\":\"ABC\",\"request.method\":\"GET\","
                                + "\"request.path\":\"/x\",\"time\":\"2026-11-21T09:30:00Z\"}]}");
    }

    @Test
    void theListIsReadAnewOnlyIfThereIsANewerOne() throws IOException {
        AtomicInteger lists = new AtomicInteger();
        AtomicInteger newest = new AtomicInteger();
        Tables tables = new Tables(Tenants.sets(Map.of()), limit -> {
            if (limit > 1) {
                lists.incrementAndGet();
            }
            return "{\"reference\":\"" + newest + "\"}\n";
        });
        for (int i = 0; i < 5; i++) {
            assertThat(text(tables)).contains("\"reference\":\"0\"");
        }
        newest.set(1);
        assertThat(text(tables)).contains("\"reference\":\"1\"");
        assertThat(lists).hasValue(2);
    }

    private static String text(Tables tables) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            tables.write(json);
            json.writeEndObject();
        }
        return text.toString();
    }
}
