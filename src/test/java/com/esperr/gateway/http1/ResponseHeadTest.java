package com.esperr.gateway.http1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Grammar and framing of responses (RFC 9112 sections 4 and 6.3), each input cut at every byte. */
class ResponseHeadTest {

    @Test
    void aResponseIsHeadDataAndEnd() {
        assertThat(get("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"))
                .containsExactly("HEAD 200 'OK' 1.1 length=5 keep [Content-Length=5]", "DATA hello", "END");
    }

    @Test
    void chunksAndTrailersAreDecoded() {
        assertThat(get("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 7\r\n\r\n"))
                .containsExactly(
                        "HEAD 200 'OK' 1.1 length=-1 keep [Transfer-Encoding=Chunked]", "DATA abc", "END [X-Sum=7]");
    }

    @Test
    void trailersThatBelongIntoTheHeadAreLeftOut() {
        assertThat(get("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "0\r\nSet-Cookie: a\r\nX-Sum: 7\r\nContent-Length: 5\r\nX-Other:8\r\n\r\n"))
                .endsWith("END [X-Sum=7] [X-Other=8]");
        assertThat(get("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nSet-Cookie: a\r\n\r\n"))
                .endsWith("END");
    }

    @Test
    void withoutAnyLengthTheBodyEndsWithTheConnection() {
        assertThat(get("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n\r\nabc"))
                .containsExactly("HEAD 200 'OK' 1.1 length=-2 close [Connection=keep-alive]", "DATA abc");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP/1.1 200 OK          | HEAD 200 'OK' 1.1",
                "HTTP/1.1 200             | HEAD 200 '' 1.1",
                "HTTP/1.1 200 Fine by me  | HEAD 200 'Fine by me' 1.1",
                "HTTP/1.0 404 Not Found   | HEAD 404 'Not Found' 1.0",
                "HTTP/1.1 404 Not found   | HEAD 404 'Not found' 1.1",
                "HTTP/1.1 299 a:b         | HEAD 299 'a:b' 1.1",
                "HTTP/1.1 999 x           | HEAD 999 'x' 1.1"
            })
    void statusLinesMayHaveAnyReason(String line, String head) {
        assertThat(get(line + "\r\nContent-Length: 0\r\n\r\n"))
                .first()
                .asString()
                .startsWith(head + " length=0");
    }

    @Test
    void anEmptyReasonMayFollowItsSpaceAndMayHoldObsText() {
        assertThat(get("HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n"))
                .first()
                .asString()
                .startsWith("HEAD 200 '' ");
        assertThat(get("HTTP/1.1 200 d\u00e9j\u00e0\tvu\r\nContent-Length: 0\r\n\r\n"))
                .first()
                .asString()
                .startsWith("HEAD 200 'd\u00e9j\u00e0\tvu' ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\r\nHTTP/1.1 200 OK",
                " HTTP/1.1 200 OK",
                "http/1.1 200 OK",
                "HTTP/1.2 200 OK",
                "HTTP/2.0 200 OK",
                "HTTP/2 200 OK",
                "HTTP/1.1  200 OK",
                "HTTP/1.1\t200 OK",
                "HTTP/1.1 20 OK",
                "HTTP/1.1 2000 OK",
                "HTTP/1.1 2x0 OK",
                "HTTP/1.1 +20 OK",
                "HTTP/1.1 099 OK",
                "HTTP/1.1 000 OK",
                "HTTP/1.1 099 OK",
                "HTTP/1.1 200\tOK",
                "HTTP/1.1 200 O\u0000K",
                "HTTP/1.1 200 O\nK",
                "HTTP/1.1 200 O\rK",
                "HTTP/1.1 200 OK\n",
                "HTTP/1.1 200\n",
                "HTTP/1.1 200\r",
                "HTTP/1.1 101 Switching Protocols",
                "ICY 200 OK",
                "<html>",
                "GET / HTTP/1.1"
            })
    void statusLinesFollowTheGrammar(String line) {
        assertThat(get(line + "\r\nContent-Length: 0\r\n\r\n")).containsExactly("BAD ORIGIN_MALFORMED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X : b",
                "X",
                ": b",
                " X: b",
                "X: b\r\n folded",
                "X: b\u0000",
                "X: b\nY: c",
                "X: b\rY: c",
                "X\u00e9: b",
                "Content-Length:",
                "Content-Length: -1",
                "Content-Length: +1",
                "Content-Length: 0x1",
                "Content-Length: 1, 1",
                "Content-Length: 1\r\nContent-Length: 1",
                "Content-Length: 1\r\nContent-Length: 2",
                "Content-Length: 1234567890123456789",
                "Content-Length: 1\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 1",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: chunked, gzip",
                "Transfer-Encoding: gzip",
                "Transfer-Encoding: identity",
                "Transfer-Encoding: chunked;a=b",
                "Transfer-Encoding:"
            })
    void headsThatTwoParsersCouldReadDifferentlyAreRefused(String lines) {
        for (String method : List.of("GET", "HEAD")) {
            assertThat(Cuts.responses(method, "HTTP/1.1 200 OK\r\n" + lines + "\r\n\r\n0\r\n\r\n"))
                    .containsExactly("BAD ORIGIN_MALFORMED");
        }
    }

    @Test
    void http10KnowsNoCoding() {
        assertThat(get("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"))
                .containsExactly("BAD ORIGIN_MALFORMED");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, 204, Content-Length: 0, keep",
        "GET, 204, X: y, keep",
        "GET, 204, Content-Length: 5, close",
        "GET, 204, Transfer-Encoding: chunked, close",
        "GET, 304, Content-Length: 5, keep",
        "GET, 304, Transfer-Encoding: chunked, keep",
        "GET, 304, X: y, keep",
        "HEAD, 200, Content-Length: 5, keep",
        "HEAD, 200, Transfer-Encoding: chunked, keep",
        "HEAD, 200, X: y, keep",
        "HEAD, 404, Content-Length: 5, keep"
    })
    void someResponsesNeverHaveABody(String method, int status, String line, String persistence) {
        List<String> lines = Cuts.responses(method, "HTTP/1.1 " + status + " x\r\n" + line + "\r\n\r\n");
        assertThat(lines).hasSize(2).last().isEqualTo("END");
        assertThat(lines.get(0)).startsWith("HEAD " + status + " 'x' 1.1 length=0 " + persistence);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1.1 |            | keep",
                "1.1 | close      | close",
                "1.1 | x, CLOSE   | close",
                "1.0 |            | close",
                "1.0 | keep-alive | keep",
                "1.0 | close      | close"
            })
    void persistenceFollowsVersionAndOptions(String version, String options, String persistence) {
        String line = options == null ? "" : "Connection: " + options + "\r\n";
        assertThat(get("HTTP/" + version + " 200 OK\r\nContent-Length: 0\r\n" + line + "\r\n"))
                .first()
                .asString()
                .startsWith("HEAD 200 'OK' " + version + " length=0 " + persistence + " ");
    }

    @Test
    void interimResponsesComeBeforeTheFinalOne() {
        assertThat(get("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\nContent-Length: 5\r\n\r\n"
                        + "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"))
                .containsExactly(
                        "HEAD 100 'Continue' 1.1 length=0 keep",
                        "HEAD 103 'Early Hints' 1.1 length=0 close [Link=a] [Content-Length=5]",
                        "HEAD 200 'OK' 1.1 length=1 keep [Content-Length=1]",
                        "DATA x",
                        "END");
    }

    @Test
    void interimResponsesAreCounted() {
        String interim = "HTTP/1.1 102 Processing\r\n\r\n";
        String last = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
        assertThat(get(interim.repeat(16) + last)).hasSize(18).last().isEqualTo("END");
        assertThat(get(interim.repeat(17) + last)).hasSize(17).last().isEqualTo("BAD ORIGIN_MALFORMED");
    }

    @Test
    void limitsAreKept() {
        DecoderLimits small = new DecoderLimits(20, 30, 2, Long.MAX_VALUE);
        String end = "\r\nContent-Length: 0\r\n\r\n";
        assertThat(Cuts.responses(small, "GET", "HTTP/1.1 200 " + "a".repeat(7) + end))
                .hasSize(2);
        assertThat(Cuts.responses(small, "GET", "HTTP/1.1 200 " + "a".repeat(8) + end))
                .containsExactly("BAD ORIGIN_MALFORMED");
        assertThat(Cuts.responses(small, "GET", "HTTP/1.1 200 " + "a".repeat(8)))
                .containsExactly("BAD ORIGIN_MALFORMED");
        assertThat(Cuts.responses(small, "GET", "HTTP/1.1 200 OK\r\n" + "X".repeat(31)))
                .containsExactly("BAD ORIGIN_MALFORMED");
        assertThat(Cuts.responses(small, "GET", "HTTP/1.1 200 OK\r\nA:\r\nB:\r\nC:\r\n"))
                .containsExactly("BAD ORIGIN_MALFORMED");
        assertThat(Cuts.responses(new DecoderLimits(8, 30, 2, Long.MAX_VALUE), "GET", "HTTP/1.1 200 OK\r\n\r\n"))
                .containsExactly("BAD ORIGIN_MALFORMED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "3 ", "-1", "3\n", "10000000000000000", "3;a=\"\r\n\""})
    void badChunksAreTheOriginsFault(String size) {
        assertThat(get("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + size + "\r\nabc\r\n0\r\n\r\n"))
                .hasSize(2)
                .last()
                .isEqualTo("BAD ORIGIN_MALFORMED");
    }

    private static List<String> get(String input) {
        return Cuts.responses("GET", input);
    }
}
