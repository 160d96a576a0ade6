package com.esperr.gateway.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Limits hold to the byte, and before the offending line is complete. */
class LimitsTest {
    private static final DecoderLimits SMALL = new DecoderLimits(40, 60, 4, 10);

    @Test
    void aRequestLineMayBeAsLongAsItsLimit() {
        String target = "/" + "a".repeat(40 - "GET / HTTP/1.1".length());
        assertThat(requests("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n")).hasSize(2);
        assertThat(requests("\r\n\r\nGET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n"))
                .hasSize(2);
        assertThat(requests("GET " + target + "a HTTP/1.1\r\nHost: a\r\n\r\n")).containsExactly("BAD URI_TOO_LONG");
    }

    @Test
    void aLongRequestLineIsRefusedBeforeItsEnd() {
        assertThat(requests("GET /" + "a".repeat(35))).isEmpty();
        assertThat(requests("GET /" + "a".repeat(36))).containsExactly("BAD URI_TOO_LONG");
        assertThat(requests("GET /" + "a".repeat(34) + " ")).isEmpty();
        assertThat(requests("GET /" + "a".repeat(35) + " ")).containsExactly("BAD URI_TOO_LONG");
        assertThat(requests("GET /" + "a".repeat(34) + " H")).containsExactly("BAD URI_TOO_LONG");
        assertThat(requests("GET /" + "a".repeat(34) + " X")).containsExactly("BAD MALFORMED_HEAD");
    }

    @Test
    void everyLengthAroundTheLimitHasOneOutcome() {
        for (int length = 0; length < 60; length++) {
            for (String end : List.of(" HTTP/1.1\r\n", " HTTP/2.0\r\n", "\r\n", "\n", "\u0000", " HTT", "  ")) {
                requests("GET /" + "a".repeat(length) + end + "Host: a\r\n\r\n");
                requests("a".repeat(length) + " /" + end + "Host: a\r\n\r\n");
            }
        }
    }

    @Test
    void aMethodOfThirtyTwoBytesIsTheLongest() {
        assertThat(Cuts.requests("A".repeat(32) + " / HTTP/1.1\r\nHost: a\r\n\r\n"))
                .hasSize(2);
        assertThat(Cuts.requests("A".repeat(33))).containsExactly("BAD UNSUPPORTED_METHOD");
        assertThat(Cuts.requests("A".repeat(32) + "(")).containsExactly("BAD MALFORMED_HEAD");
    }

    @Test
    void fieldsMayTakeAsManyBytesAsTheirLimit() {
        String host = "Host: a\r\n";
        for (int length = 1; length < 60; length++) {
            String line = "X:" + "b".repeat(length) + "\r\n";
            boolean fits = host.length() + line.length() <= 60;
            assertThat(requests("GET / HTTP/1.1\r\n" + host + line + "\r\n"))
                    .as("%s bytes", host.length() + line.length())
                    .hasSize(fits ? 2 : 1)
                    .first()
                    .asString()
                    .startsWith(fits ? "HEAD" : "BAD HEAD_TOO_LARGE");
        }
    }

    @Test
    void aLongFieldIsRefusedBeforeItsEnd() {
        assertThat(requests("GET / HTTP/1.1\r\n" + "X".repeat(60))).isEmpty();
        assertThat(requests("GET / HTTP/1.1\r\n" + "X".repeat(61))).containsExactly("BAD HEAD_TOO_LARGE");
        assertThat(requests("GET / HTTP/1.1\r\nX: " + "b".repeat(58))).containsExactly("BAD HEAD_TOO_LARGE");
        assertThat(requests("GET / HTTP/1.1\r\nX: " + " ".repeat(58))).containsExactly("BAD HEAD_TOO_LARGE");
        assertThat(requests("GET / HTTP/1.1\r\nX: " + "b".repeat(56) + "\r\n")).containsExactly("BAD HEAD_TOO_LARGE");
    }

    @Test
    void fieldsAreCounted() {
        String head = "GET / HTTP/1.1\r\nHost: a\r\nA:b\r\nA:b\r\nA:b\r\n";
        assertThat(requests(head + "\r\n")).hasSize(2);
        assertThat(requests(head + "A")).containsExactly("BAD HEAD_TOO_LARGE");
    }

    @Test
    void theDeclaredLengthOfABodyIsLimited() {
        assertThat(requests("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n0123456789"))
                .hasSize(3);
        assertThat(requests("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n0123456789"))
                .containsExactly("BAD BODY_TOO_LARGE");
        assertThat(requests("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999999999999\r\n\r\n"))
                .containsExactly("BAD BODY_TOO_LARGE");
    }

    @Test
    void aChunkThatGoesBeyondTheLimitIsRefusedBeforeItsData() {
        String head = "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
        assertThat(requests(head + "4\r\n0123\r\n6\r\n456789\r\n0\r\n\r\n")).hasSize(3);
        assertThat(requests(head + "b\r\n0123456789a\r\n0\r\n\r\n")).element(1).isEqualTo("BAD BODY_TOO_LARGE");
        assertThat(requests(head + "4\r\n0123\r\n7\r\n456789a\r\n0\r\n\r\n"))
                .endsWith("DATA 0123", "BAD BODY_TOO_LARGE");
        assertThat(requests(head + "4\r\n0123\r\nfffffffffffffff\r\n456789a\r\n0\r\n\r\n"))
                .endsWith("DATA 0123", "BAD BODY_TOO_LARGE");
    }

    @Test
    void trailersHaveTheLimitsOfHeaders() {
        String head = "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n";
        assertThat(requests(head + "X:" + "b".repeat(56) + "\r\n\r\n")).hasSize(2);
        assertThat(requests(head + "X:" + "b".repeat(57) + "\r\n\r\n")).endsWith("BAD HEAD_TOO_LARGE");
        assertThat(requests(head + "A:\r\n".repeat(4) + "\r\n")).hasSize(2);
        assertThat(requests(head + "A:\r\n".repeat(5) + "\r\n")).endsWith("BAD HEAD_TOO_LARGE");
    }

    @Test
    void theHighestLimitsLetLargeHeadsPass() {
        DecoderLimits none = new DecoderLimits(1 << 26, 1 << 26, Integer.MAX_VALUE, Long.MAX_VALUE);
        String large = "X: " + "b".repeat(100_000) + "\r\n";
        assertThat(Cuts.requestsAtOnce(
                        none,
                        List.of(("GET /" + "a".repeat(100_000) + " HTTP/1.1\r\nHost: a\r\n" + large.repeat(3) + "\r\n")
                                .getBytes(StandardCharsets.US_ASCII))))
                .hasSize(2);
    }

    @Test
    void limitsThatNothingCouldPassOrAnythingAreRefused() {
        for (int wrong : new int[] {-1, 0, Integer.MAX_VALUE}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new DecoderLimits(wrong, 1, 1, 1))
                    .withMessageContaining("expected");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new DecoderLimits(1, Integer.MAX_VALUE, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new DecoderLimits(1, 1, -1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new DecoderLimits(1, 1, 1, -1));
    }

    private static List<String> requests(String input) {
        return Cuts.requests(SMALL, input);
    }
}
