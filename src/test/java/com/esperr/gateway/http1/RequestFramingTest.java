package com.esperr.gateway.http1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a request ends, whose host it names and what it expects (RFC 9112 section 6, CWE-444), each input cut at every byte. */
class RequestFramingTest {

    @Test
    void aLengthIsFollowedByThatManyBytesAndTheNextRequest() {
        assertThat(Cuts.requests(post("Content-Length: 5") + "helloGET / HTTP/1.1\r\nHost: b\r\n\r\n"))
                .containsExactly(
                        "HEAD POST / 1.1 length=5 keep [Host=a] [Content-Length=5]",
                        "DATA hello",
                        "END",
                        "HEAD GET / 1.1 length=0 keep [Host=b]",
                        "END");
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "00, 0", "005, 5", "000000000000000005, 5"})
    void aLengthIsOneToEighteenDigits(String text, int length) {
        List<String> lines = Cuts.requests(post("Content-Length: \t" + text + " \t") + "x".repeat(length));
        assertThat(lines).hasSize(length == 0 ? 2 : 3).last().isEqualTo("END");
        assertThat(lines.get(0)).contains("length=" + length + " ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "+5",
                "-5",
                "-0",
                "5.0",
                "0x5",
                "5 5",
                "5,5",
                "5, 5",
                "5;",
                "5,",
                ",5",
                "five",
                "5e1",
                "\"5\"",
                "5\u00b2",
                "0000000000000000005",
                "9223372036854775807",
                "9223372036854775808",
                "18446744073709551621",
                "99999999999999999999999999"
            })
    void anythingElseIsNoLength(String value) {
        assertThat(Cuts.requests(post("Content-Length: " + value) + "hello")).containsExactly("BAD AMBIGUOUS_FRAMING");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nContent-Length: 5",
                "Content-Length: 5\r\nContent-Length: 6",
                "Content-Length: 5\r\ncontent-length: 0",
                "Content-Length: 5\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 5",
                "Transfer-Encoding: chunked\r\nContent-Length: x",
                "Transfer-Encoding: identity\r\nContent-Length: 5",
                "Content-Length: 0\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                "Transfer-Encoding:",
                "Transfer-Encoding: ,",
                "Transfer-Encoding: chunked,",
                "Transfer-Encoding: ,chunked",
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding: chunked, gzip",
                "Transfer-Encoding: chunked, gzip, chunked",
                "Transfer-Encoding: chunked;q=1",
                "Transfer-Encoding: gzip;a=b, chunked",
                "Transfer-Encoding: chunked gzip",
                "Transfer-Encoding: gzip x, chunked",
                "Transfer-Encoding: \"chunked\"",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunkedx",
                "Transfer-Encoding: identity",
                "Transfer-Encoding: gzip",
                "Transfer-Encoding: chunked\u00a0",
                "Transfer-Encoding: c\u0068unked\u00e9",
                "Transfer-Encoding: 'chunked'"
            })
    void whatTwoParsersCouldReadDifferentlyIsRefused(String lines) {
        assertThat(Cuts.requests(post(lines) + "0\r\n\r\n")).containsExactly("BAD AMBIGUOUS_FRAMING");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip, chunked", "gzip,chunked", "a , b\t,,chunked", "gzip, CHUNKED"})
    void otherCodingsUnderChunkedAreNotUnderstood(String value) {
        assertThat(Cuts.requests(post("Transfer-Encoding: " + value) + "0\r\n\r\n"))
                .containsExactly("BAD UNSUPPORTED_CODING");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chunked", "Chunked", "CHUNKED", " \tchunked \t"})
    void chunkedIsTheOneCoding(String value) {
        assertThat(Cuts.requests(post("Transfer-Encoding:" + value) + "3\r\nabc\r\n0\r\n\r\n"))
                .containsExactly(
                        "HEAD POST / 1.1 length=-1 keep [Host=a] [Transfer-Encoding=" + value.strip() + "]",
                        "DATA abc",
                        "END");
    }

    @Test
    void http10KnowsNoCoding() {
        assertThat(Cuts.requests("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"))
                .containsExactly("BAD AMBIGUOUS_FRAMING");
    }

    @Test
    void aBodyOnGetIsReadAsSuch() {
        assertThat(Cuts.requests("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"))
                .containsExactly("HEAD GET / 1.1 length=3 keep [Host=a] [Content-Length=3]", "DATA abc", "END");
    }

    @Test
    void optionsOfConnectionDoNotTakeTheFramingAway() {
        assertThat(Cuts.requests(
                        post("Content-Length: 3\r\nConnection: content-length, host, transfer-encoding") + "abc"))
                .hasSize(3)
                .last()
                .isEqualTo("END");
    }

    @Test
    void hostIsOneLineInHttp11() {
        assertThat(Cuts.requests("GET / HTTP/1.1\r\n\r\n")).containsExactly("BAD INVALID_HOST");
        assertThat(Cuts.requests("GET / HTTP/1.1\r\nX: Host\r\n\r\n")).containsExactly("BAD INVALID_HOST");
        assertThat(Cuts.requests("GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n"))
                .containsExactly("BAD INVALID_HOST");
        assertThat(Cuts.requests("GET / HTTP/1.1\r\nHost:\r\n\r\n")).hasSize(2);
    }

    @Test
    void hostIsAtMostOneLineInHttp10() {
        assertThat(Cuts.requests("GET / HTTP/1.0\r\n\r\n")).containsExactly("HEAD GET / 1.0 length=0 close", "END");
        assertThat(Cuts.requests("GET / HTTP/1.0\r\nHost: a\r\n\r\n")).hasSize(2);
        assertThat(Cuts.requests("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"))
                .containsExactly("BAD INVALID_HOST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"100-continue", "100-Continue", "100-CONTINUE"})
    void theOneExpectationIsKnown(String value) {
        assertThat(Cuts.requests(post("Expect: " + value + "\r\nContent-Length: 1") + "x"))
                .containsExactly(
                        "HEAD POST / 1.1 length=1 keep expects [Host=a] [Expect=" + value + "] [Content-Length=1]",
                        "DATA x",
                        "END");
        assertThat(Cuts.requests(post("Expect: " + value)))
                .containsExactly("HEAD POST / 1.1 length=0 keep [Host=a] [Expect=" + value + "]", "END");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Expect:",
                "Expect: 200-ok",
                "Expect: 100-continue, x",
                "Expect: 100-continue;q=1",
                "Expect: 100-continue\r\nExpect: 100-continue"
            })
    void otherExpectationsFail(String lines) {
        assertThat(Cuts.requests(post(lines + "\r\nContent-Length: 1") + "x"))
                .containsExactly("BAD EXPECTATION_FAILED");
    }

    @Test
    void http10ExpectsNothing() {
        assertThat(Cuts.requests("POST / HTTP/1.0\r\nExpect: 200-ok\r\nContent-Length: 1\r\n\r\nx"))
                .containsExactly("HEAD POST / 1.0 length=1 close [Expect=200-ok] [Content-Length=1]", "DATA x", "END");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1.1 |                          | keep",
                "1.1 | close                    | close",
                "1.1 | Close                    | close",
                "1.1 | keep-alive               | keep",
                "1.1 | keep-alive, close        | close",
                "1.1 | foo,close,bar            | close",
                "1.1 | closed                   | keep",
                "1.1 | x-close                  | keep",
                "1.0 |                          | close",
                "1.0 | keep-alive               | keep",
                "1.0 | Keep-Alive               | keep",
                "1.0 | x, keep-alive            | keep",
                "1.0 | keep-alive, close        | close",
                "1.0 | close                    | close"
            })
    void persistenceFollowsVersionAndOptions(String version, String options, String persistence) {
        String line = options == null ? "" : "Connection: " + options + "\r\n";
        assertThat(Cuts.requests("GET / HTTP/" + version + "\r\nHost: a\r\n" + line + "\r\n"))
                .first()
                .asString()
                .startsWith("HEAD GET / " + version + " length=0 " + persistence + " ");
    }

    @Test
    void optionsStandInSeveralLines() {
        assertThat(Cuts.requests("GET / HTTP/1.1\r\nHost: a\r\nConnection: x\r\nConnection: close\r\n\r\n"))
                .first()
                .asString()
                .contains(" close ");
    }

    private static String post(String lines) {
        return "POST / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n\r\n";
    }
}
