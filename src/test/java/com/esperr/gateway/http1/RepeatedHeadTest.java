package com.esperr.gateway.http1;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.Fields;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Field lines that are sent again. */
class RepeatedHeadTest {
    private static final String LINES = "Host: a\r\nAccept: text/html\r\n";

    private final FieldScanner scanner =
            FieldScanner.ofHeads(new DecoderLimits(8192, 200, 10, 1000), FailureReason.MALFORMED_HEAD);

    private Scan scan(String before, String text) {
        scanner.begin(before.length());
        byte[] bytes = (before + text).getBytes(StandardCharsets.ISO_8859_1);
        return scanner.scan(bytes, bytes.length);
    }

    private Fields read(String before, String lines) {
        byte[] bytes = (before + lines + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        scanner.begin(before.length());
        assertThat(scanner.scan(bytes, bytes.length)).isEqualTo(Scan.DONE);
        assertThat(scanner.end()).isEqualTo(bytes.length);
        Fields fields = scanner.fields(bytes);
        assertThat(fields).hasToString(lines);
        return fields;
    }

    @Test
    void theSameLinesAreReadOnceWhereverTheyStand() {
        Fields first = read("GET / HTTP/1.1\r\n", LINES);

        assertThat(read("GET / HTTP/1.1\r\n", LINES)).isSameAs(first);
        assertThat(read("GET /elsewhere HTTP/1.1\r\n", LINES)).isSameAs(first);
        assertThat(read("", LINES)).isSameAs(first);
    }

    @Test
    void theTextOfSuchLinesIsMadeOnce() {
        String once = read("", LINES).value(0);
        String again = read("", LINES).value(0);

        assertThat(again).isEqualTo("a").isNotSameAs(once);
        assertThat(read("", LINES).value(0)).isSameAs(again);
        assertThat(read("", LINES).get("accept")).isEqualTo("text/html");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: b\r\nAccept: text/html\r\n",
                "Host: a\r\nAccept: text/htmm\r\n",
                "host: a\r\nAccept: text/html\r\n",
                "Host: a\r\n",
                "Host: a\r\nAccept: text/html\r\nCookie: a=b\r\n",
                "Cookie: a=b\r\nHost: a\r\nAccept: text/html\r\n"
            })
    void otherLinesAreReadAnew(String lines) {
        Fields first = read("", LINES);

        Fields other = read("", lines);

        assertThat(other).isNotSameAs(first);
        assertThat(read("", lines)).isSameAs(other);
        assertThat(first).hasToString(LINES);
    }

    @Test
    void whatComesBehindThemStaysThere() {
        Fields first = read("", LINES);

        assertThat(scan("", LINES + "\r\nGET / HTTP/1.1\r\n")).isEqualTo(Scan.DONE);
        assertThat(scanner.end()).isEqualTo(LINES.length() + 2);
        assertThat(scanner.fields(new byte[0])).isSameAs(first);
    }

    @Test
    void cutsAnywhereGiveTheSameLines() {
        read("", LINES);
        byte[] bytes = (LINES + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        for (int cut = 0; cut < bytes.length; cut++) {
            scanner.begin(0);
            assertThat(scanner.scan(bytes, cut)).isEqualTo(Scan.MORE);
            assertThat(scanner.scan(bytes, bytes.length)).isEqualTo(Scan.DONE);
            assertThat(scanner.fields(bytes)).hasToString(LINES);
        }
    }

    @Test
    void whatBeginsLikeThemIsStillRefused() {
        read("", LINES);

        assertThat(scan("", LINES + "\rX")).isEqualTo(Scan.BAD);
        assertThat(scan("", LINES + " folded\r\n\r\n")).isEqualTo(Scan.BAD);
        assertThat(scan("", "Host: a\r\nAccept : text/html\r\n\r\n")).isEqualTo(Scan.BAD);
        assertThat(read("", LINES)).hasToString(LINES);
    }

    @Test
    void longOnesAndOnesLongAgoAreNotRemembered() {
        FieldScanner roomy =
                FieldScanner.ofHeads(new DecoderLimits(8192, 8192, 100, 1000), FailureReason.MALFORMED_HEAD);
        byte[] block = ("Cookie: " + "x".repeat(2048) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
        roomy.begin(0);
        assertThat(roomy.scan(block, block.length)).isEqualTo(Scan.DONE);
        Fields large = roomy.fields(block);
        roomy.begin(0);
        assertThat(roomy.scan(block, block.length)).isEqualTo(Scan.DONE);
        assertThat(roomy.fields(block)).isNotSameAs(large).hasToString(large.toString());

        Fields first = read("", LINES);
        scanner.forget();
        assertThat(read("", LINES)).isNotSameAs(first);
    }

    @Test
    void trailersAreReadAnewEachTime() {
        FieldScanner trailers =
                FieldScanner.ofTrailers(new DecoderLimits(8192, 200, 10, 1000), FailureReason.MALFORMED_BODY);
        byte[] block = (LINES + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        trailers.begin(0);
        assertThat(trailers.scan(block, block.length)).isEqualTo(Scan.DONE);
        Fields first = trailers.fields(block);
        trailers.begin(0);
        assertThat(trailers.scan(block, block.length)).isEqualTo(Scan.DONE);
        assertThat(trailers.fields(block)).isNotSameAs(first).hasToString(first.toString());
    }

    @Test
    void requestsWithTheSameLinesAndOtherBodiesAreToldApart() {
        String lines = " HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n";
        assertThat(Cuts.requests("POST /1" + lines + "ab" + "POST /two" + lines + "cd" + "PUT /3" + lines + "\r\n"))
                .containsExactly(
                        "HEAD POST /1 1.1 length=2 keep [Host=a] [Content-Length=2]",
                        "DATA ab",
                        "END",
                        "HEAD POST /two 1.1 length=2 keep [Host=a] [Content-Length=2]",
                        "DATA cd",
                        "END",
                        "HEAD PUT /3 1.1 length=2 keep [Host=a] [Content-Length=2]",
                        "DATA \r\n",
                        "END");
    }
}
