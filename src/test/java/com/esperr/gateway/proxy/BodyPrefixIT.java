package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.EsperReply;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The beginning of a body is looked into before the decision, and the origin gets every byte of it. */
class BodyPrefixIT {
    private static final String FORM = "Content-Type: application/x-www-form-urlencoded\r\n";
    private static final String JSON = "Content-Type: application/json\r\n";

    private final TestEsper esper = TestEsper.start();
    private final TestOrigin origin = TestOrigin.start();
    private final Map<String, String> config = new HashMap<>();

    BodyPrefixIT() {
        config.put("mode", "cloud");
        config.put("origin.url", origin.url());
        config.put("esper.api-url", esper.url());
        config.put("esper.api-key", TestEsper.API_KEY);
        config.put("esper.connect-timeout", "5s");
        config.put("esper.fields.email", "form[email]");
        config.put("esper.fields.user", "body[/user]");
        config.put("esper.body.timeout", "200ms");
        config.put("decision.timeout", "10s");
    }

    @AfterEach
    void stop() {
        esper.close();
        origin.close();
        assertThat(esper.violations()).isEmpty();
    }

    private static String post(String lines) {
        return "POST /login HTTP/1.1\r\nHost: shop.test\r\n" + lines + "\r\n";
    }

    private String sent(String pointer) {
        return esper.decisionCalls().get(0).text(pointer);
    }

    @Test
    void aFormFieldIsAskedAboutAndTheBodyForwarded() {
        try (TestGateway gateway = TestGateway.start(config);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(post(FORM + "Content-Length: 20\r\n") + "email=a%40shop.t&x=1");
            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(sent("/fields/email")).isEqualTo("a@shop.t");
            assertThat(sent("/fields/partial")).isEmpty();
            assertThat(origin.onlyRequest().bodyLength()).isEqualTo(20);
            client.send(post("Content-Length: 2\r\n") + "ab");
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void aChunkedBodyInManyPiecesIsForwardedWhole() {
        try (TestGateway gateway = TestGateway.start(config);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(post(JSON + "Transfer-Encoding: chunked\r\n"));
            for (String piece : new String[] {"{\"us", "er\":", "\"u-1\"", "}"}) {
                client.send(Integer.toHexString(piece.length()) + "\r\n" + piece + "\r\n");
            }
            client.send("0\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(sent("/fields/user")).isEqualTo("u-1");
            assertThat(origin.onlyRequest().bodyLength()).isEqualTo(14);
            assertThat(origin.violations()).isEmpty();
        }
    }

    @Test
    void aLongBodyIsAskedAboutByItsBeginningAndStreamedOn() {
        int length = 3 << 20;
        try (TestGateway gateway = TestGateway.start(config);
                RawClient client = RawClient.connect(gateway.port())) {
            String start = "{\"user\":\"u-1\",\"rest\":\"";
            client.send(post(JSON + "Content-Length: " + length + "\r\n") + start);
            client.send("r".repeat(length - start.length() - 2) + "\"}");
            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(sent("/fields/user")).isEqualTo("u-1");
            assertThat(sent("/fields/partial")).isEqualTo("1");
            assertThat(origin.onlyRequest().bodyLength()).isEqualTo(length);
        }
    }

    @Test
    void aCodedBodyIsNotLookedIntoAndTheQuestionSaysSo() {
        try (TestGateway gateway = TestGateway.start(config);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(post(FORM + "Content-Encoding: gzip\r\nContent-Length: 7\r\n") + "email=a");
            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(sent("/fields/email")).isEmpty();
            assertThat(sent("/fields/partial")).isEqualTo("1");
            assertThat(origin.onlyRequest().bodyText()).isEqualTo("email=a");
            assertThat(gateway.metric("esper_body_unread_total")).isEqualTo(1);
        }
    }

    @Test
    void bodiesBeyondTheBoundOfAllTogetherAreNotLookedInto() {
        config.put("esper.body.prefix", "1 KiB");
        config.put("esper.body.held-bytes", "1500 B");
        config.put("esper.body.timeout", "20s");
        try (TestGateway gateway = TestGateway.start(config);
                RawClient slow = RawClient.connect(gateway.port());
                RawClient client = RawClient.connect(gateway.port())) {
            slow.send(post(FORM + "Transfer-Encoding: chunked\r\n"));
            await().until(() -> gateway.metric("esper_body_held_bytes") == 1024);
            client.send(post(FORM + "Content-Length: 600\r\n") + "email=a" + "x".repeat(593));
            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(sent("/fields/email")).isEmpty();
            assertThat(sent("/fields/partial")).isEqualTo("1");
            esper.forget();
            client.send(post(FORM + "Content-Length: 7\r\n") + "email=a");
            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(sent("/fields/email")).isEqualTo("a");
            slow.send("7\r\nemail=b\r\n0\r\n\r\n");
            assertThat(slow.readResponse().status()).isEqualTo(200);
            assertThat(gateway.metric("esper_body_held_bytes")).isZero();
            assertThat(gateway.metric("esper_body_unread_total")).isEqualTo(1);
        }
    }

    @Test
    void whoLeavesHoldsNothingAnyMore() {
        config.put("esper.body.timeout", "20s");
        try (TestGateway gateway = TestGateway.start(config)) {
            RawClient client = RawClient.connect(gateway.port());
            client.send(post(FORM + "Content-Length: 700\r\n") + "email=a");
            await().until(() -> gateway.metric("esper_body_held_bytes") == 700);
            client.reset();
            await().until(() -> gateway.metric("esper_body_held_bytes") == 0);
        }
    }

    @Test
    void aBodyThatComesTooSlowlyIsAskedAboutByWhatThereIs() {
        try (TestGateway gateway = TestGateway.start(config);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(post(FORM + "Content-Length: 20\r\n") + "email=a&");
            await().until(() -> esper.decisionCalls().size() == 1);
            assertThat(sent("/fields/email")).isEqualTo("a");
            assertThat(sent("/fields/partial")).isEqualTo("1");
            client.send("x=1234567890");
            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(origin.onlyRequest().bodyLength()).isEqualTo(20);
        }
    }

    @Test
    void aClientThatWaitsToBeToldIsToldOnce() {
        try (TestGateway gateway = TestGateway.start(config);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(post(FORM + "Content-Length: 7\r\nExpect: 100-continue\r\n"));
            assertThat(client.readHead()).startsWith("HTTP/1.1 100");
            client.send("email=a");
            RawResponse response = client.readResponse();
            assertThat(response.status()).isEqualTo(200);
            assertThat(sent("/fields/email")).isEqualTo("a");
        }
    }

    @Test
    void aBlockedBodyReachesNobodyAndTheConnectionGoesOn() {
        esper.answer(
                json -> json.at("/fields/email").asText().equals("bad") ? EsperReply.block("no") : EsperReply.allow());
        try (TestGateway gateway = TestGateway.start(config);
                RawClient client = RawClient.connect(gateway.port())) {
            for (int i = 0; i < 3; i++) {
                client.send(post(FORM + "Content-Length: 9\r\n") + "email=bad");
                assertThat(client.readResponse().status()).isEqualTo(403);
            }
            assertThat(origin.requests()).isEmpty();
            client.send(post(FORM + "Content-Length: 10\r\n") + "email=good");
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void aClientThatLeavesInsideTheBeginningLeavesNothingBehind() {
        try (TestGateway gateway = TestGateway.start(config)) {
            for (int i = 0; i < 20; i++) {
                try (RawClient client = RawClient.connect(gateway.port())) {
                    client.send(post(FORM + "Content-Length: 7000\r\n") + "email=" + "x".repeat(i * 100));
                }
            }
            await().until(() -> gateway.metric("esper_requests_open") == 0);
            assertThat(origin.requests()).isEmpty();
        }
    }
}
