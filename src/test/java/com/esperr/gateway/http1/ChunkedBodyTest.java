package com.esperr.gateway.http1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chunked coding (RFC 9112 section 7.1), each input cut at every byte. */
class ChunkedBodyTest {
    private static final String HEAD = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String NEXT = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";

    @Test
    void chunksAreJoinedAndTheNextRequestFollows() {
        assertThat(body("5\r\nhello\r\n1\r\n \r\nA\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n"))
                .containsExactly("DATA hello 01234567890123456789", "END");
    }

    @Test
    void anEmptyBodyIsOnlyAnEnd() {
        assertThat(body("0\r\n\r\n")).containsExactly("END");
    }

    @Test
    void dataMayHoldAnything() {
        assertThat(body("9\r\n\r\n0\r\n\r\n\r\n\r\n0\r\n\r\n")).containsExactly("DATA \r\n0\r\n\r\n\r\n", "END");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "3",
                "03",
                "0000000000000003",
                "3;a",
                "3;a=b",
                "3;a=\"b\"",
                "3;a=\"\"",
                "3;a=\"b;\\\"c\\\\ \t\u00e9\"",
                "3;a;b=c;d=\"e\"",
                "3 ;a",
                "3\t;\ta\t=\tb\t;c",
                "3; a = \"b\" ; c",
                "3 ; a",
                "3;a=\"b\";c"
            })
    void sizesMayHaveLeadingZerosAndExtensionsThatAreDropped(String size) {
        assertThat(body(size + "\r\nabc\r\n0\r\n\r\n")).containsExactly("DATA abc", "END");
        assertThat(body("3\r\nabc\r\n0" + size.substring(size.indexOf('3') + 1) + "\r\n\r\n"))
                .containsExactly("DATA abc", "END");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " 3",
                "\t3",
                "+3",
                "-3",
                "0x3",
                "3h",
                "x",
                "3 ",
                "3\t",
                "3 a",
                "3,a",
                "3:a",
                "3;",
                "3;;a",
                "3;a=",
                "3;a=;b",
                "3;=b",
                "3;a b",
                "3;a=b c",
                "3;a=b=c",
                "3;a=\"b",
                "3;a=\"b\"c",
                "3;a=\"b\nc\"",
                "3;a=\"b\rc\"",
                "3;a=\"b\u0000c\"",
                "3;a=\"b\\\r\"",
                "3;a=\"b\\\n\"",
                "3;a=b\n",
                "3;a\n",
                "3;\n",
                "3\n",
                "3\r",
                "3;a\r",
                "3;a ",
                "3;a= ",
                "3;a=b ",
                "3;a=\"b\" ",
                "3;a\u00e9",
                "3;a=(b)",
                "\"3\"",
                "3.0",
                "00000000000000003",
                "1000000000000000",
                "fffffffffffffff0",
                "8000000000000003",
                "10000000000000003"
            })
    void sizeLinesFollowTheGrammarToTheByte(String size) {
        assertThat(body(size + "\r\nabc\r\n0\r\n\r\n")).containsExactly("BAD MALFORMED_BODY");
    }

    @Test
    void dataEndsWithCrlf() {
        assertThat(body("3\r\nabcd\r\n0\r\n\r\n")).containsExactly("DATA abc", "BAD MALFORMED_BODY");
        assertThat(body("3\r\nabc\n0\r\n\r\n")).containsExactly("DATA abc", "BAD MALFORMED_BODY");
        assertThat(body("3\r\nabc\r0\r\n\r\n")).containsExactly("DATA abc", "BAD MALFORMED_BODY");
        assertThat(body("3\r\nabc\rX0\r\n\r\n")).containsExactly("DATA abc", "BAD MALFORMED_BODY");
        assertThat(body("3\r\nabcX\n0\r\n\r\n")).containsExactly("DATA abc", "BAD MALFORMED_BODY");
        assertThat(body("3\r\nabc0\r\n\r\n")).containsExactly("DATA abc", "BAD MALFORMED_BODY");
        assertThat(body("3\r\nabc\r\n\r\n0\r\n\r\n")).containsExactly("DATA abc", "BAD MALFORMED_BODY");
        assertThat(body("4\r\nabc\r\n0\r\n\r\n")).containsExactly("DATA abc\r", "BAD MALFORMED_BODY");
        assertThat(body("3\nabc\r\n0\r\n\r\n")).containsExactly("BAD MALFORMED_BODY");
    }

    @Test
    void extensionsAreBoundedPerChunkAndPerMessage() {
        assertThat(body("3;" + "a".repeat(255) + "\r\nabc\r\n0\r\n\r\n")).containsExactly("DATA abc", "END");
        assertThat(body("3;" + "a".repeat(256) + "\r\nabc\r\n0\r\n\r\n")).containsExactly("BAD MALFORMED_BODY");
        String chunk = "1;" + "a".repeat(255) + "\r\nx\r\n";
        assertThat(body(chunk.repeat(64) + "0\r\n\r\n")).containsExactly("DATA " + "x".repeat(64), "END");
        assertThat(body(chunk.repeat(64) + "1;a\r\nx\r\n0\r\n\r\n"))
                .containsExactly("DATA " + "x".repeat(64), "BAD MALFORMED_BODY");
    }

    @Test
    void trailersAreFieldLines() {
        assertThat(body("0\r\nX-Sum: 7\r\ngrpc-status:0\r\n\r\n")).containsExactly("END [X-Sum=7] [grpc-status=0]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Sum : 7\r\n\r\n",
                "X-Sum\r\n\r\n",
                ": 7\r\n\r\n",
                " X: 7\r\n\r\n",
                "X: 7\r\n folded\r\n\r\n",
                "X: 7\n\r\n",
                "X: 7\r\n\n",
                "X: 7\r\r\n\r\n",
                "X: \u0000\r\n\r\n",
                "\n",
                "\rX",
                "X: 7\r\n\rX"
            })
    void trailersFollowTheGrammarOfFields(String section) {
        assertThat(body("0\r\n" + section)).containsExactly("BAD MALFORMED_BODY");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length",
                "Transfer-Encoding",
                "Host",
                "Trailer",
                "Connection",
                "Keep-Alive",
                "TE",
                "Upgrade",
                "Authorization",
                "Proxy-Authorization",
                "Proxy-Anything",
                "Cookie",
                "Set-Cookie",
                "WWW-Authenticate",
                "X-Forwarded-For",
                "X-Forwarded-Host",
                "X-Forwarded-Proto",
                "X-Forwarded-Anything",
                "Forwarded",
                "X-Real-IP",
                "CF-Connecting-IP",
                "True-Client-IP",
                "X-Original-URL",
                "Esper-Decision",
                "X-Esper-API-Key",
                "x-esper-anything",
                "Content-Type",
                "Content-Encoding",
                "Content-Range",
                "Expect",
                "Max-Forwards",
                "Cache-Control"
            })
    void trailersDoNotSpeakOfFramingRoutingOrCredentials(String name) {
        assertThat(body("0\r\nX-Sum: 7\r\n" + name + ": 1\r\n\r\n")).containsExactly("BAD MALFORMED_BODY");
        assertThat(body("0\r\n" + name.toLowerCase(Locale.ROOT) + ":\r\n\r\n")).containsExactly("BAD MALFORMED_BODY");
    }

    /** What becomes of the body; where it is complete, the request behind it must be found. */
    private static List<String> body(String body) {
        List<String> lines = Cuts.requests(HEAD + body + NEXT);
        assertThat(lines.get(0)).startsWith("HEAD POST / 1.1 length=-1");
        if (lines.get(lines.size() - 1).startsWith("BAD")) {
            return lines.subList(1, lines.size());
        }
        assertThat(lines.subList(lines.size() - 2, lines.size()))
                .containsExactly("HEAD GET /next 1.1 length=0 keep [Host=a]", "END");
        return lines.subList(1, lines.size() - 2);
    }
}
