package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.Peers;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.Shell;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Responses that are compressed on their way, read as bytes and by curl. */
class CompressionIT {
    private static final String BODY = "All work and no play makes a long page. ".repeat(5000);
    private static Scene scene;

    @BeforeAll
    static void start() {
        scene = Scene.with(
                "compression.enabled",
                "true",
                "compression.types",
                "text/plain,text/event-stream",
                "compression.level",
                "3");
        scene.origin.on("/page", Behaviours.respond(200, BODY, "Content-Type: text/plain", "ETag: \"1\""));
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @AfterEach
    void everyEncoderIsClosed() {
        await().until(() -> scene.gateway.metric("esper_compression_open") == 0);
    }

    @Test
    void theBodyArrivesEncodedInChunks() {
        RawResponse response = scene.ask("GET /page", "Accept-Encoding: gzip");
        assertThat(response.headers().only("Content-Encoding")).isEqualTo("gzip");
        assertThat(response.headers().only("ETag")).isEqualTo("W/\"1\"");
        assertThat(response.headers().only("Vary")).isEqualTo("Accept-Encoding");
        assertThat(response.headers().only("Transfer-Encoding")).isEqualTo("chunked");
        assertThat(response.headers().has("Content-Length")).isFalse();
        assertThat(response.bodyLength()).isLessThan(BODY.length() / 20);
        assertThat(Gzip.text(response.body())).isEqualTo(BODY);
    }

    @Test
    void whoAsksForNothingGetsTheBytesOfTheOrigin() {
        RawResponse response = scene.ask("GET /page");
        assertThat(response.headers().only("Content-Length")).isEqualTo(String.valueOf(BODY.length()));
        assertThat(response.headers().only("ETag")).isEqualTo("\"1\"");
        assertThat(response.headers().only("Vary")).isEqualTo("Accept-Encoding");
        assertThat(response.bodyText()).isEqualTo(BODY);
    }

    /** A length there would have to be that of the body which a GET brings (RFC 9110 section 8.6). */
    @Test
    void aHeadIsAnsweredAsAGetWouldBe() {
        try (RawClient client = scene.client()) {
            for (int i = 0; i < 2; i++) {
                client.send(Scene.request("HEAD /page", "Accept-Encoding: gzip"));
                RawResponse response = client.readResponse("HEAD");
                assertThat(response.headers().only("Content-Encoding")).isEqualTo("gzip");
                assertThat(response.headers().only("ETag")).isEqualTo("W/\"1\"");
                assertThat(response.headers().has("Content-Length")).isFalse();
            }
        }
    }

    @Test
    void anOriginCannotTakeAwayThatTheBodyIsEncoded() {
        scene.origin.on(
                "/named",
                Behaviours.respond(
                        200,
                        BODY,
                        "Content-Type: text/plain",
                        "Connection: Content-Encoding, Vary, Transfer-Encoding, X-Hop",
                        "X-Hop: 1"));
        RawResponse response = scene.ask("GET /named", "Accept-Encoding: gzip");
        assertThat(response.headers().only("Content-Encoding")).isEqualTo("gzip");
        assertThat(response.headers().only("Vary")).isEqualTo("Accept-Encoding");
        assertThat(response.headers().has("X-Hop")).isFalse();
        assertThat(Gzip.text(response.body())).isEqualTo(BODY);
    }

    @Test
    void anOldClientKeepsItsConnection() {
        RawResponse response = RawClient.exchange(
                scene.gateway.port(),
                "GET /page HTTP/1.0\r\nHost: gw.test\r\nConnection: keep-alive\r\nAccept-Encoding: gzip\r\n\r\n");
        assertThat(response.headers().has("Content-Encoding")).isFalse();
        assertThat(response.headers().only("Connection")).isEqualTo("keep-alive");
    }

    @Test
    void theNextResponseOnTheConnectionIsItsOwn() {
        try (RawClient client = scene.client()) {
            for (int i = 0; i < 3; i++) {
                client.send(Scene.request("GET /page", "Accept-Encoding: gzip"));
                assertThat(Gzip.text(client.readResponse().body())).isEqualTo(BODY);
                client.send(Scene.request("GET /hello", "Accept-Encoding: gzip"));
                assertThat(client.readResponse().bodyText()).isEqualTo("GET /hello\n");
            }
        }
    }

    @Test
    void anEventArrivesBeforeTheNextOneIsSent() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        scene.origin.on(
                "/events",
                exchange -> exchange.send(
                                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                                        + "b\r\ndata: one\n\n\r\n")
                        .hold(seen)
                        .send("b\r\ndata: two\n\n\r\n0\r\n\r\n"));
        try (RawClient client = scene.client()) {
            client.send(Scene.request("GET /events", "Accept-Encoding: gzip"));
            assertThat(client.readHead()).contains("Content-Encoding: gzip");
            Inflater inflater = new Inflater(/* nowrap= */ true);
            byte[] first = chunk(client);
            inflater.setInput(first, 10, first.length - 10);
            byte[] text = new byte[100];
            assertThat(new String(text, 0, inflater.inflate(text), "US-ASCII")).isEqualTo("data: one\n\n");
            seen.countDown();
            inflater.setInput(chunk(client));
            assertThat(new String(text, 0, inflater.inflate(text), "US-ASCII")).isEqualTo("data: two\n\n");
            inflater.end();
        } finally {
            seen.countDown();
        }
    }

    private static byte[] chunk(RawClient client) {
        StringBuilder size = new StringBuilder();
        while (size.indexOf("\r\n") < 0) {
            size.append((char) client.readBytes(1)[0]);
        }
        byte[] chunk = client.readBytes(Integer.parseInt(size.toString().strip(), 16));
        client.readBytes(2);
        return chunk;
    }

    @Test
    void aResponseThatBreaksOffIsNotMadeToLookWhole() {
        scene.origin.on(
                "/cut",
                exchange -> exchange.send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 50000\r\n\r\n"
                                + "x".repeat(20_000))
                        .close());
        try (RawClient client = scene.client()) {
            client.send(Scene.request("GET /cut", "Accept-Encoding: gzip"));
            assertThat(client.readUntilClose()).doesNotContain("\r\n0\r\n\r\n");
        }
    }

    @Test
    void aClientThatLeavesLetsTheEncoderGo() {
        CountDownLatch gone = new CountDownLatch(1);
        scene.origin.on(
                "/leave",
                exchange -> exchange.send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 50000\r\n\r\n"
                                + "x".repeat(20_000))
                        .hold(gone));
        try (RawClient client = scene.client()) {
            client.send(Scene.request("GET /leave", "Accept-Encoding: br"));
            assertThat(client.readHead()).contains("Content-Encoding: br");
            client.reset();
            everyEncoderIsClosed();
        } finally {
            gone.countDown();
        }
    }

    @ParameterizedTest
    @CsvSource({"gzip,--http1.1", "br,--http1.1", "zstd,--http1.1", "zstd,--http2-prior-knowledge"})
    void curlDecodesIt(String coding, String version) throws IOException {
        Peers.require("curl");
        String said = Shell.run(
                "curl -sS -D - " + version + " --compressed -H 'Accept-Encoding: " + coding + "' http://127.0.0.1:"
                        + scene.gateway.port() + "/page",
                60);
        assertThat(said.toLowerCase(java.util.Locale.ROOT)).contains("content-encoding: " + coding);
        assertThat(said).endsWith(BODY);
    }
}
