package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.Http2Response;
import com.esperr.gateway.testkit.RawHttp2Client;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Header lists that RFC 9113 forbids, or that would mean something else in HTTP/1.1: each is answered, and no origin sees one. */
class Http2RefusalsIT {
    private static final String SMUGGLED = "x\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: evil.test\r\n\r\n";

    private static Scene scene;

    @BeforeAll
    static void open() {
        scene = Scene.with();
    }

    @AfterAll
    static void close() {
        scene.close();
    }

    static Stream<Arguments> lists() {
        return Stream.of(
                refused("8.2.1 a name in upper case", 400, list("X-Upper", "1")),
                refused("8.2.1 a name with a colon", 400, list("x:y", "1")),
                refused("8.2.1 an empty name", 400, list("", "1")),
                refused("8.2.1 a name with a space", 400, list("x y", "1")),
                refused("8.2.1 a name with a line break", 400, list("x\r\ny", "1")),
                refused("8.2.1 CR and LF in a value", 400, list("x", SMUGGLED)),
                refused("8.2.1 a bare LF in a value", 400, list("x", "a\nb: c")),
                refused("8.2.1 NUL in a value", 400, list("x", "a\0b")),
                refused("8.2.1 a value that begins with a space", 400, list("x", " a")),
                refused("8.2.1 a value that ends with a tab", 400, list("x", "a\t")),
                refused("8.2.2 connection", 400, list("connection", "close")),
                refused("8.2.2 transfer-encoding", 400, list("transfer-encoding", "chunked")),
                refused("8.2.2 keep-alive", 400, list("keep-alive", "1")),
                refused("8.2.2 proxy-connection", 400, list("proxy-connection", "close")),
                refused("8.2.2 upgrade", 400, list("upgrade", "websocket")),
                refused("8.2.2 te other than trailers", 400, list("te", "gzip")),
                refused("8.3 an unknown pseudo-header", 400, list(":unknown", "1")),
                refused("8.3 a pseudo-header behind another field", 400, list("x", "1", ":path", "/other")),
                refused("8.3 a status", 400, list(":status", "200")),
                refused("8.3.1 a path twice", 400, list(":path", "/other")),
                refused("8.3.1 no method", 400, ":scheme", "http", ":authority", "gw.test", ":path", "/"),
                refused("8.3.1 no scheme", 400, ":method", "GET", ":authority", "gw.test", ":path", "/"),
                refused("8.3.1 no path", 400, ":method", "GET", ":scheme", "http", ":authority", "gw.test"),
                refused("8.3.1 an empty path", 400, line("GET", "http", "gw.test", "")),
                refused("8.3.1 a path without its slash", 400, line("GET", "http", "gw.test", "page")),
                refused("8.3.1 an absolute path", 400, line("GET", "http", "gw.test", "http://evil.test/")),
                refused("8.3.1 an asterisk of another method", 400, line("GET", "http", "gw.test", "*")),
                refused("8.3.1 a path with a space", 400, line("GET", "http", "gw.test", "/ HTTP/1.1")),
                refused("8.3.1 a path with a request", 400, line("GET", "http", "gw.test", "/" + SMUGGLED)),
                refused("8.3.1 a method with a request", 400, line("GET / HTTP/1.1\r\nx:", "http", "gw.test", "/")),
                refused("8.3.1 another scheme", 400, line("GET", "file", "gw.test", "/")),
                refused("8.3.1 a scheme with a path", 400, line("GET", "http://evil.test/?", "gw.test", "/")),
                refused("8.3.1 an authority with a line break", 400, line("GET", "http", "gw.test\r\nx: y", "/")),
                refused("8.3.1 an authority with user", 400, line("GET", "http", "me@gw.test", "/")),
                refused("8.3.1 a host that is not the authority", 400, list("host", "evil.test")),
                refused("8.3.1 a host twice", 400, list("host", "gw.test", "host", "gw.test")),
                refused("8.3.1 nobody asked", 400, ":method", "GET", ":scheme", "http", ":path", "/"),
                refused("8.1.1 a length without data", 400, list("content-length", "5")),
                refused("8.1.1 two lengths", 400, list("content-length", "0", "content-length", "5")),
                refused("8.1.1 no length", 400, list("content-length", "+0")),
                refused("8.5 CONNECT", 501, line("CONNECT", "http", "gw.test", "/")),
                refused("8.5 CONNECT as it should be", 501, ":method", "CONNECT", ":authority", "gw.test:443"),
                refused("9110 9.3.8 TRACE", 405, line("TRACE", "http", "gw.test", "/")),
                refused("6.5.2 too many fields", 431, many(150)),
                refused("6.5.2 too long a field", 431, list("x", "v".repeat(40_000))),
                refused("a path that is too long", 414, line("GET", "http", "gw.test", "/" + "p".repeat(9_000))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lists")
    void isAnsweredAndNotForwarded(String name, int status, String[] list) {
        scene.origin.forget();
        try (RawHttp2Client client = RawHttp2Client.connect(scene.gateway.port())) {
            Http2Response response = send(client, list).response(1);
            assertThat(response.status()).as(name).isEqualTo(status);
            assertThat(client.exchange(3, "/sane").status()).isEqualTo(200);
        }
        assertThat(scene.origin.onlyRequest().target()).isEqualTo("/sane");
    }

    /** In as many frames as the block needs. */
    private static RawHttp2Client send(RawHttp2Client client, String[] list) {
        byte[] block = RawHttp2Client.block(list);
        int most = 16_384;
        for (int at = 0; at < block.length; at += most) {
            byte[] piece = Arrays.copyOfRange(block, at, Math.min(block.length, at + most));
            int flags = at + most >= block.length ? RawHttp2Client.END_HEADERS : 0;
            client.send(
                    at == 0 ? RawHttp2Client.HEADERS : RawHttp2Client.CONTINUATION,
                    at == 0 ? flags | RawHttp2Client.END_STREAM : flags,
                    1,
                    piece);
        }
        return client;
    }

    private static Arguments refused(String name, int status, String... list) {
        return Arguments.of(name, status, list);
    }

    private static String[] line(String method, String scheme, String authority, String path) {
        return new String[] {":method", method, ":scheme", scheme, ":authority", authority, ":path", path};
    }

    private static String[] list(String... more) {
        return Stream.of(line("GET", "http", "gw.test", "/refused"), more)
                .flatMap(Stream::of)
                .toArray(String[]::new);
    }

    private static String[] many(int count) {
        String[] more = new String[2 * count];
        for (int i = 0; i < more.length; i += 2) {
            more[i] = "x-" + i;
            more[i + 1] = "1";
        }
        return list(more);
    }
}
