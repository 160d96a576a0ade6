package com.esperr.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.Questions;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestService;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused, and how: nothing a client can send is a defect of the service. */
class RefusalsIT {
    private static final String MITIGATION = "/api/v1/runtime/mitigation";
    private static final String EVENT = "/api/v1/beacon/event";
    private static final String EVENTS = "/api/v1/beacon/events";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path directory;

    private static TestService service;

    @BeforeAll
    static void start() {
        service = TestService.start(directory, Map.of());
    }

    @AfterAll
    static void end() {
        service.close();
    }

    private static JsonNode json(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(response.body(), e);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "source | \"source\": \"edge-gw-eu\", | ",
                "source | \"edge-gw-eu\" | 7",
                "source | \"edge-gw-eu\" | \" \"",
                "observed_at | \"2026-05-04T08:15:30.120Z\" | \"yesterday\"",
                "observed_at | \"2026-05-04T08:15:30.120Z\" | 1",
                "observed_at | \"2026-05-04T08:15:30.120Z\" | \"+999999999-12-31T23:59:59-18:00\"",
                "observed_at | \"2026-05-04T08:15:30.120Z\" | \"-999999999-01-01T00:00:00+18:00\"",
                "return_url | \"https://shop.test/basket?step=2\" | \"ftp://shop.test/\"",
                "return_url | \"https://shop.test/basket?step=2\" | []",
                "request | \"request\": | \"other\":",
                "request.method | \"GET\" | \"G T\"",
                "request.path | \"path\": \"/basket\" | \"path\": \"/../etc\"",
                "request.path | \"path\": \"/basket\" | \"path\": \"/a?b\"",
                "request.headers.user-agent | \"user-agent\": \"curl/8\" | \"user-agent\": 1",
                "request.cookies | {\"sid\": \"c0ffee\"} | \"sid=c0ffee\"",
                "request.client_ip | \"client_ip\": \"198.51.100.14\" | \"client_ip\": \"localhost\"",
                "request.user_agent | \"user_agent\": \"curl/8\" | \"user_agent\": {}",
                "fields | {\"probe\": \"1\"} | {}",
                "fields | {\"probe\": \"1\"} | \"1\"",
                "fields.probe | {\"probe\": \"1\"} | {\"probe\": null}",
                "idempotency_key | \"idempotency_key\": \"\" | \"idempotency_key\": \"\"",
            })
    void whatIsWrongInAQuestionIsNamed(String field, String from, String to) {
        String body = Questions.question("", "/basket", "198.51.100.14", "curl/8");
        String without = field.equals("idempotency_key") ? body : body.replace("\"idempotency_key\": \"\",", "");
        assertThat(without).contains(from.strip());
        HttpResponse<String> response =
                service.post("shop", MITIGATION, without.replace(from.strip(), to == null ? "" : to.strip()));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(json(response).at("/error/field").asText()).isEqualTo(field);
    }

    @Test
    void membersThatAreNotInTheContractArePassedOver() {
        String body = Questions.question("p1", "/basket", "198.51.100.15", "curl/8")
                .replace("\"source\":", "\"extra\": [{\"source\": 1}], \"source\":");
        assertThat(service.post("shop", MITIGATION, body).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "}",
                "[]",
                "null",
                "true",
                "\"\"",
                "{}{}",
                "{\"a\"}",
                "{\"source\":}",
                "{\"source\":\"a\",}",
                "{\"source\":\"a\",\"source\":\"b\"}",
                "{\"a\":NaN}",
                "{\"a\":01}",
                "{\"a\":\"\u0001\"}",
                "{'a':1}",
                "{\"a\":/**/1}",
                "{\"a\":\"\\ud800\"}",
                "{\"a\":1e999999999}",
                "\ufeff{}",
                "{\"fields\":{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]"
            })
    void whatIsNotJsonIsRefusedAndNeverADefect(String body) {
        for (String path : new String[] {MITIGATION, EVENT, EVENTS, "/api/v1/challenge/proof/verify"}) {
            HttpResponse<String> response = service.send(HttpRequest.newBuilder(URI.create(service.url() + path))
                    .header("x-esper-api-key", service.key("shop"))
                    .header("content-type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
            assertThat(json(response).at("/error/code").asText()).isIn("malformed_json", "invalid_request");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-16", "UTF-32BE", "UTF-32LE"})
    void jsonInAnotherEncodingIsRefused(String encoding) {
        byte[] body =
                Questions.question("", "/basket", "198.51.100.16", "curl/8").getBytes(Charset.forName(encoding));
        HttpResponse<String> response = service.send(HttpRequest.newBuilder(URI.create(service.url() + MITIGATION))
                .header("x-esper-api-key", service.key("shop"))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(json(response).at("/error/message").asText()).contains("expected: UTF-8");
    }

    @Test
    void piecesOfAQuestionAreRefusedAndNeverADefect() {
        String body = Questions.question("", "/basket", "198.51.100.16", "curl/8");
        try (RawClient client = RawClient.connect(service.port())) {
            for (int end = 0; end < body.length() - 1; end += 7) {
                client.send(post(MITIGATION, body.substring(0, end)));
                assertThat(client.readResponse().status()).isEqualTo(400);
            }
        }
    }

    private static String post(String path, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: x\r\nx-esper-api-key: " + service.key("shop")
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/v1/runtime/mitigation, 405, POST",
        "DELETE, /healthz, 405, 'GET, HEAD'",
        "PUT, /challenge/x, 405, 'GET, HEAD, POST'"
    })
    void anotherMethodIsToldTheOnesThereAre(String method, String path, int status, String allowed) {
        HttpResponse<String> response = service.ask("shop", method, path, "");
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("allow")).contains(allowed);
    }

    @Test
    void anotherContentTypeIsRefused() {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(service.url() + EVENT))
                .header("x-esper-api-key", service.key("shop"))
                .POST(HttpRequest.BodyPublishers.ofString("{}"));
        assertThat(service.send(request.build()).statusCode()).isEqualTo(415);
        assertThat(service.send(request.copy()
                                .header("content-type", "text/plain")
                                .build())
                        .statusCode())
                .isEqualTo(415);
        assertThat(service.send(request.copy()
                                .header("content-type", "Application/JSON; charset=utf-8")
                                .build())
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void aBodyThatIsTooLongIsRefusedBeforeItIsRead() {
        try (RawClient client = RawClient.connect(service.port())) {
            client.send("POST " + EVENT + " HTTP/1.1\r\nHost: x\r\nContent-Length: 262145\r\n\r\n{");
            RawResponse response = client.readResponse();
            assertThat(response.status()).isEqualTo(413);
            assertThat(response.bodyText()).contains("body_too_large");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET\r\n\r\n",
                "GET / HTTP/1.1\nHost: x\n\n",
                "GET / HTTP/1.1\r\nHost : x\r\n\r\n",
                "GET /healthz HTTP/1.1\r\n\r\n",
                "GET /healthz HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n",
                "GET /healthz HTTP/1.1\r\nHost: x y\r\n\r\n",
                "GET /healthz HTTP/1.1\r\nHost: x@y\r\n\r\n",
                "GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\n\r\n",
                "GET /healthz HTTP/1.1\r\n Host: x\r\n\r\n",
                "GET /healthz HTTP/1.1\r\nHost: x\r\nX-A b\r\n\r\n",
                "GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: b\u0000\r\n\r\n",
                "POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\na",
                "POST /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1 \r\na\r\n0\r\n\r\n",
                "POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                "POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"
            })
    void whatIsNotStrictlyHttpEndsTheConnection(String request) {
        try (RawClient client = RawClient.connect(service.port())) {
            client.send(request);
            String answer = client.readUntilClose();
            assertThat(answer)
                    .startsWith("HTTP/1.1 400 ")
                    .contains("malformed_request")
                    .doesNotContain(" 200 ");
        }
    }

    @Test
    void whoTricklesIsCutOff() {
        try (RawClient client = RawClient.connect(service.port())) {
            client.readTimeout(Duration.ofSeconds(20));
            client.send("POST " + EVENT + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{");
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }
}
