package com.esperr.gateway.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.HttpDate;
import com.esperr.gateway.http.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadWriterTest {

    @Test
    void startLinesAreWritten() {
        assertThat(written(out -> HeadWriter.requestLine(out, "GET", "/a?b"))).isEqualTo("GET /a?b HTTP/1.1\r\n");
        assertThat(written(out -> HeadWriter.statusLine(out, 404, "Not Found")))
                .isEqualTo("HTTP/1.1 404 Not Found\r\n");
        assertThat(written(out -> HeadWriter.statusLine(out, 200, ""))).isEqualTo("HTTP/1.1 200 \r\n");
    }

    @Test
    void aStatusCanHaveAnotherReasonEachTime() {
        String tooLongToKeep = "x".repeat(65);
        for (String reason : List.of("Gone", "Gone", "Away", "", "Gone", tooLongToKeep, "Gone", tooLongToKeep)) {
            assertThat(written(out -> HeadWriter.statusLine(out, 410, reason)))
                    .isEqualTo("HTTP/1.1 410 " + reason + "\r\n");
        }
        assertThat(written(out -> HeadWriter.statusLine(out, 411, "Gone"))).isEqualTo("HTTP/1.1 411 Gone\r\n");
    }

    @Test
    void theDateIsWritten() {
        assertThat(written(out -> HeadWriter.date(out, new HttpDate(() -> 784_111_777_000L))))
                .isEqualTo("Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
    }

    @Test
    void knownNamesAreWrittenAsPeopleWriteThem() {
        assertThat(written(out -> HeadWriter.field(out, FieldName.X_FORWARDED_FOR, "::1")))
                .isEqualTo("X-Forwarded-For: ::1\r\n");
        assertThat(written(out -> HeadWriter.field(out, FieldName.TE, "trailers")))
                .isEqualTo("TE: trailers\r\n");
        for (FieldName name : FieldName.values()) {
            assertThat(written(out -> HeadWriter.field(out, name, ""))).isEqualToIgnoringCase(name.text() + ": \r\n");
        }
    }

    @Test
    void otherNamesAreWrittenAsTheyAreGiven() {
        assertThat(written(out -> HeadWriter.field(out, "x-oTHER", "\u00e9\t"))).isEqualTo("x-oTHER: \u00e9\t\r\n");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 9, 10, 99, 100, 1234567890123L, Long.MAX_VALUE})
    void numbersAreWrittenInDecimal(long number) {
        assertThat(written(out -> HeadWriter.field(out, FieldName.CONTENT_LENGTH, number)))
                .isEqualTo("Content-Length: " + number + "\r\n");
    }

    @Test
    void negativeNumbersAreNoLengths() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> written(out -> HeadWriter.field(out, FieldName.CONTENT_LENGTH, -1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r", "\n", "\u0000", "a\r\nEvil: b", "\u0100", "\u010d\u010a"})
    void noTextBecomesASecondLine(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> written(out -> HeadWriter.field(out, "x", text)));
        assertThatIllegalArgumentException().isThrownBy(() -> written(out -> HeadWriter.field(out, text, "x")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> written(out -> HeadWriter.field(out, FieldName.HOST, text)));
        assertThatIllegalArgumentException().isThrownBy(() -> written(out -> HeadWriter.requestLine(out, text, "/")));
        assertThatIllegalArgumentException().isThrownBy(() -> written(out -> HeadWriter.requestLine(out, "GET", text)));
        assertThatIllegalArgumentException().isThrownBy(() -> written(out -> HeadWriter.statusLine(out, 200, text)));
    }

    @Test
    void runsOfLinesAreCopiedAsTheyWere() {
        Fields fields = Fields.builder(3)
                .add("A", "1")
                .add(FieldName.HOST, "h")
                .add("C", "3")
                .build();
        assertThat(written(out -> HeadWriter.lines(out, fields, 0, 3))).isEqualTo("A: 1\r\nhost: h\r\nC: 3\r\n");
        assertThat(written(out -> HeadWriter.lines(out, fields, 1, 2))).isEqualTo("host: h\r\n");
        assertThat(written(out -> HeadWriter.lines(out, fields, 2, 3))).isEqualTo("C: 3\r\n");
        assertThat(written(out -> HeadWriter.lines(out, fields, 1, 1))).isEmpty();
        assertThat(written(out -> HeadWriter.lines(out, Fields.EMPTY, 0, 0))).isEmpty();
    }

    @Test
    void decodedLinesAreCopiedByteForByte() {
        String lines = "Host:a\r\nX: \t b\u00e9 \t\r\nY:\r\n";
        RequestDecoder decoder = new RequestDecoder(Cuts.ROOMY);
        Transcript transcript = new Transcript(() -> {});
        EmbeddedChannel channel = new EmbeddedChannel(decoder, transcript);
        channel.writeInbound(Unpooled.copiedBuffer(
                "\r\nGET /long/target HTTP/1.1\r\n" + lines + "\r\nGET", StandardCharsets.ISO_8859_1));
        channel.finishAndReleaseAll();
        Fields fields = ((RequestHead) transcript.messages().get(0)).fields();
        assertThat(written(out -> HeadWriter.lines(out, fields, 0, 3))).isEqualTo(lines);
        assertThat(fields.toString()).isEqualTo(lines);
        assertThat(written(out -> HeadWriter.lines(out, fields, 1, 2))).isEqualTo("X: \t b\u00e9 \t\r\n");
    }

    private static String written(Consumer<ByteBuf> writing) {
        ByteBuf out = Unpooled.buffer();
        writing.accept(out);
        return out.toString(StandardCharsets.ISO_8859_1);
    }
}
