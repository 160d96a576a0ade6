package com.esperr.gateway.http1;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The grammar of a request head (RFC 9112 sections 2, 3 and 5), each input cut at every byte. */
class RequestHeadTest {

    @Test
    void aPlainRequestIsHeadAndEnd() {
        assertThat(Cuts.requests("GET /a?b=c HTTP/1.1\r\nHost: a\r\n\r\n"))
                .containsExactly("HEAD GET /a?b=c 1.1 length=0 keep [Host=a]", "END");
    }

    @Test
    void upToTwoEmptyLinesMayStandInFront() {
        String request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        assertThat(Cuts.requests("\r\n" + request + "\r\n\r\n" + request))
                .containsExactly(
                        "HEAD GET / 1.1 length=0 keep [Host=a]", "END", "HEAD GET / 1.1 length=0 keep [Host=a]", "END");
        assertThat(Cuts.requests("\r\n\r\n\r\n" + request)).containsExactly("BAD MALFORMED_HEAD");
        assertThat(Cuts.requests("\n" + request)).containsExactly("BAD MALFORMED_HEAD");
        assertThat(Cuts.requests("\r" + request)).containsExactly("BAD MALFORMED_HEAD");
    }

    @Test
    void valuesAreTrimmedAndMayHoldTabsAndObsText() {
        assertThat(Cuts.requests(
                        "GET / HTTP/1.1\r\nHost:a\r\nX: \t b\tc \u00e9\u0080\u00ff \t\r\nY:\r\nZ:  \t \r\n\r\n"))
                .containsExactly("HEAD GET / 1.1 length=0 keep [Host=a] [X=b\tc \u00e9\u0080\u00ff] [Y=] [Z=]", "END");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET",
                "POST",
                "HEAD",
                "PUT",
                "OPTIONS",
                "DELETE",
                "PATCH",
                "get",
                "PROPFIND",
                "G",
                "!#$%&'*+-.^_`|~09aZ"
            })
    void anyTokenIsAMethod(String method) {
        assertThat(Cuts.requests(method + " * HTTP/1.1\r\nHost: a\r\n\r\n"))
                .containsExactly("HEAD " + method + " * 1.1 length=0 keep [Host=a]", "END");
    }

    @ParameterizedTest
    @CsvSource({
        "CONNECT, UNSUPPORTED_METHOD",
        "connect, UNSUPPORTED_METHOD",
        "TRACE, METHOD_NOT_ALLOWED",
        "Trace, METHOD_NOT_ALLOWED",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFG, UNSUPPORTED_METHOD"
    })
    void someMethodsAreRefused(String method, String reason) {
        assertThat(Cuts.requests(method + " / HTTP/1.1\r\nHost: a\r\n\r\n")).containsExactly("BAD " + reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/2.0", "HTTP/0.9", "HTTP/1.2", "HTTP/3.1", "HTTP/9.9"})
    void otherVersionsAreNamedAsSuch(String version) {
        assertThat(Cuts.requests("GET / " + version + "\r\nHost: a\r\n\r\n"))
                .containsExactly("BAD UNSUPPORTED_VERSION");
    }

    @Test
    void thePrefaceOfHttp2IsAnUnsupportedVersion() {
        assertThat(Cuts.requests("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")).containsExactly("BAD UNSUPPORTED_VERSION");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /",
                "GET / ",
                "GET  / HTTP/1.1",
                "GET /  HTTP/1.1",
                "GET / HTTP/1.1 ",
                " GET / HTTP/1.1",
                "GET\t/ HTTP/1.1",
                "GET /\tHTTP/1.1",
                "GET / b HTTP/1.1",
                "GET / http/1.1",
                "GET / HTTP/11",
                "GET / HTTP/1.",
                "GET / HTTP/1.1x",
                "GET / HTTP/1.10",
                "GET / HTTP/01.1",
                "GET / HTTP/ 1.1",
                "GET / HTTPS/1.1",
                "GET / HTTP/-1.1",
                "G(T / HTTP/1.1",
                "G\u00e9T / HTTP/1.1",
                "G\u0000T / HTTP/1.1",
                "GET /\u0000 HTTP/1.1",
                "GET /\u007f HTTP/1.1",
                "GET /\u00e9 HTTP/1.1",
                "GET /\u0001 HTTP/1.1",
                "GET /\n HTTP/1.1",
                "GET /\r HTTP/1.1",
                "GET / HTTP/1.1\r",
                "GET / HTTP/1.1\r\r",
                "GET: / HTTP/1.1",
                ":",
                "\u0016\u0003\u0001\u0002\u0000"
            })
    void aRequestLineIsThreeWordsAndTwoSpaces(String line) {
        assertThat(Cuts.requests(line + "\r\nHost: a\r\n\r\n")).containsExactly("BAD MALFORMED_HEAD");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X : b",
                "X\t: b",
                ": b",
                "X",
                "",
                " X: b",
                "\tX: b",
                "X: b\r\n folded",
                "X: b\r\n\tfolded",
                "X: b\r\n ",
                "X(: b",
                "X\u00e9: b",
                "X\u0000: b",
                "X: \u0000",
                "X: b\u0000c",
                "X: b\u0001",
                "X: b\u000b",
                "X: b\u001f",
                "X: b\u007f",
                "X: b\rc",
                "X: b\nc",
                "X: b\r",
                "X: b\n",
                "X: b\r\r",
                "X: b\nY: c",
                "X\r: b",
                "X\n: b",
                "X:\rb",
                "X:\nb",
                "\rX: b",
                "\nX: b",
                "X: 0123456789abcdef\u0001",
                "X: 0123456789\u007fabcdef",
                "X: 0123456\n89abcdef",
                "\"X\": b",
                "X Y: b",
                "GET / HTTP/1.1"
            })
    void aFieldLineIsTokenColonValueAndCrlf(String line) {
        String ending = line.isEmpty() ? "\n" : "\r\n";
        assertThat(Cuts.requests("GET / HTTP/1.1\r\nHost: a\r\n" + line + ending + "Y: z\r\n\r\n"))
                .containsExactly("BAD MALFORMED_HEAD");
        assertThat(Cuts.requests("GET / HTTP/1.1\r\n" + line + ending + "Host: a\r\n\r\n"))
                .containsExactly("BAD MALFORMED_HEAD");
    }

    @Test
    void theEmptyLineIsCrlf() {
        assertThat(Cuts.requests("GET / HTTP/1.1\r\nHost: a\r\n\n")).containsExactly("BAD MALFORMED_HEAD");
        assertThat(Cuts.requests("GET / HTTP/1.1\r\nHost: a\r\n\r\r\n")).containsExactly("BAD MALFORMED_HEAD");
        assertThat(Cuts.requests("GET / HTTP/1.1\nHost: a\n\n")).containsExactly("BAD MALFORMED_HEAD");
    }

    @Test
    void everyControlByteInAValueIsRefusedAtEveryPlace() {
        for (int c = 0; c < 256; c++) {
            boolean text = c == '\t' || c >= ' ' && c != 0x7F;
            for (int at = 0; at < 20; at++) {
                String value = "-".repeat(at) + (char) c + "-".repeat(20 - at);
                String input = "GET / HTTP/1.1\r\nHost: a\r\nX:" + value + "\r\n\r\n";
                assertThat(Cuts.requestsAtOnce(Cuts.ROOMY, List.of(input.getBytes(StandardCharsets.ISO_8859_1))))
                        .as("byte %s at %s", c, at)
                        .hasSize(text ? 2 : 1)
                        .first()
                        .asString()
                        .startsWith(text ? "HEAD" : "BAD MALFORMED_HEAD");
            }
        }
    }

    @Test
    void everyByteButVisibleAsciiInATargetIsRefusedAtEveryPlace() {
        for (int c = 0; c < 256; c++) {
            boolean visible = c > ' ' && c < 0x7F;
            for (int at = 0; at < 20; at++) {
                String target = "/" + "-".repeat(at) + (char) c + "-".repeat(20 - at);
                String input = "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
                assertThat(Cuts.requestsAtOnce(Cuts.ROOMY, List.of(input.getBytes(StandardCharsets.ISO_8859_1))))
                        .as("byte %s at %s", c, at)
                        .first()
                        .asString()
                        .startsWith(visible ? "HEAD GET " + target + " 1.1" : "BAD MALFORMED_HEAD");
            }
        }
    }
}
