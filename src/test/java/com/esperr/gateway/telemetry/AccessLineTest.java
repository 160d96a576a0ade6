package com.esperr.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.exchange.ExchangeRecord;
import com.esperr.gateway.exchange.Moment;
import com.esperr.gateway.exchange.Outcome;
import com.esperr.gateway.failure.FailureReason;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AccessLineTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final AccessLine line = new AccessLine();

    @Test
    void aForwardedRequestIsToldInFull() {
        Cause cause = new Cause("local", "scrapers", "rate", "d-1", "because", null, Action.BLOCK, "0123abcd4567");
        ExchangeRecord exchange = Exchanges.of()
                .request(Exchanges.get(
                        "/a%20b?token=secret",
                        "Host",
                        "shop.example:8080",
                        "X-Forwarded-For",
                        "2001:db8::1",
                        "User-Agent",
                        "curl/8",
                        "Cookie",
                        "session=secret"))
                .decided(new Decision.Allow(cause))
                .from("127.0.0.1:3000")
                .at(Moment.DECISION_ASKED, 10_000)
                .at(Moment.DECIDED, 42_000)
                .at(Moment.UPSTREAM_CONNECTED, 50_000)
                .at(Moment.RESPONSE_STARTED, 1_050_000)
                .at(Moment.DONE, 2_000_999)
                .record();
        assertThat(text(exchange))
                .isEqualTo("{\"time\":\"2024-02-29T12:34:56.089Z\",\"reference\":\"0123456789\","
                        + "\"client\":\"2001:db8::1\",\"client_from\":\"x-forwarded-for\",\"peer\":\"192.0.2.7\","
                        + "\"method\":\"GET\",\"scheme\":\"http\",\"host\":\"shop.example:8080\",\"path\":\"/a b\","
                        + "\"query_bytes\":12,\"route\":\"/**\",\"tier\":\"normal\",\"protocol\":\"HTTP/1.1\",\"status\":200,"
                        + "\"outcome\":\"forwarded\",\"bytes_in\":12,\"bytes_out\":3456,\"decision\":\"allow\","
                        + "\"cause\":{\"source\":\"local\",\"policy\":\"scrapers\",\"clause\":\"rate\","
                        + "\"decision_id\":\"d-1\",\"reason\":\"because\",\"observed\":\"block\","
                        + "\"policies\":\"0123abcd4567\",\"enforced\":true},"
                        + "\"upstream\":\"127.0.0.1:3000\",\"reused\":true,\"retried\":false,\"user_agent\":\"curl/8\","
                        + "\"micros\":{\"decision\":32,\"connect\":8,\"first_byte\":1000,\"total\":2000}}\n");
    }

    @Test
    void aRequestThatCouldNotBeReadIsToldWithItsPeerAndReason() {
        ExchangeRecord exchange = Exchanges.of()
                .answer(Outcome.REFUSED, 400)
                .failed(FailureReason.MALFORMED_HEAD, "bare LF at 17")
                .record();
        assertThat(text(exchange))
                .isEqualTo(
                        "{\"time\":\"2024-02-29T12:34:56.089Z\",\"reference\":\"0123456789\","
                                + "\"peer\":\"192.0.2.7\",\"status\":400,\"outcome\":\"refused\",\"bytes_in\":12,\"bytes_out\":3456,"
                                + "\"failure\":\"malformed_head\",\"failure_detail\":\"bare LF at 17\",\"micros\":{\"total\":5000}}\n");
    }

    @Test
    void aFailedQuestionIsToldInsideTheCause() throws IOException {
        JsonNode cause = read(Exchanges.of()
                        .decided(new Decision.Allow(Cause.failed(FailureReason.DECISION_TIMEOUT, null)))
                        .watched()
                        .record())
                .get("cause");
        assertThat(cause.get("failure").textValue()).isEqualTo("decision_timeout");
        assertThat(cause.get("enforced").booleanValue()).isFalse();
    }

    @Test
    void queryValuesCookiesAndCredentialsNeverReachTheLog() {
        String written = text(Exchanges.of()
                .request(Exchanges.get(
                        "/p?key=hush1", "Host", "a", "Cookie", "c=hush2", "Authorization", "hush3", "Referer", "hush4"))
                .record());
        assertThat(written).doesNotContain("hush").contains("\"query_bytes\":9");
    }

    @Test
    void anEmptyQueryIsToldApartFromNone() throws IOException {
        assertThat(read(Exchanges.of()
                                .request(Exchanges.get("/p?", "Host", "a"))
                                .record())
                        .get("query_bytes")
                        .intValue())
                .isZero();
        assertThat(read(Exchanges.of().request(Exchanges.get("/p", "Host", "a")).record())
                        .has("query_bytes"))
                .isFalse();
    }

    @Test
    void visitorsCannotAddLinesOrMembersWhateverTheySend() throws IOException {
        Random random = new Random(7);
        for (int round = 0; round < 2000; round++) {
            StringBuilder agent = new StringBuilder("x");
            for (int i = random.nextInt(60); i > 0; i--) {
                int c = random.nextInt(256);
                agent.append(c == 0 || c == '\n' || c == '\r' ? '"' : (char) c);
            }
            StringBuilder path = new StringBuilder("/");
            for (int i = random.nextInt(20); i > 0; i--) {
                path.append(random.nextBoolean() ? "%22%7D" : "%E2%80%AE");
            }
            ExchangeRecord exchange = Exchanges.of()
                    .request(Exchanges.get(path.toString(), "Host", "a", "User-Agent", agent.toString()))
                    .record();
            byte[] bytes = line.encode(exchange);
            String whole = new String(bytes, StandardCharsets.UTF_8);
            assertThat(whole.indexOf('\n')).isEqualTo(whole.length() - 1);
            JsonNode read = JSON.readTree(bytes);
            assertThat(read.size()).isEqualTo(18);
            assertThat(read.get("user_agent").textValue())
                    .isEqualTo(exchange.request().userAgent());
            assertThat(read.get("path").textValue())
                    .isEqualTo(exchange.request().path());
        }
    }

    @Test
    void longTextsOfVisitorsAreBounded() {
        String huge = "h".repeat(30_000);
        byte[] bytes = line.encode(Exchanges.of()
                .request(Exchanges.get("/" + huge + "?" + huge, "Host", "a", "User-Agent", huge))
                .failed(FailureReason.ORIGIN_CLOSED, huge)
                .record());
        assertThat(bytes.length).isLessThan(2500);
    }

    private JsonNode read(ExchangeRecord exchange) throws IOException {
        return JSON.readTree(line.encode(exchange));
    }

    private String text(ExchangeRecord exchange) {
        return new String(line.encode(exchange), StandardCharsets.UTF_8);
    }
}
