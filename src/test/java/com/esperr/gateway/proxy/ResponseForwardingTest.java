package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.HttpDate;
import com.esperr.gateway.http.HttpVersion;
import com.esperr.gateway.http.ResponseHead;
import com.esperr.gateway.proxy.ResponseForwarding.Framing;
import com.esperr.gateway.proxy.ResponseForwarding.Persistence;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseForwardingTest {
    private static final String OUR_DATE = "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n";

    private final ResponseForwarding forwarding = new ResponseForwarding(new HttpDate(() -> 0), "gw");

    private static ResponseHead head(int status, String... namesAndValues) {
        Fields.Builder fields = Fields.builder(8);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new ResponseHead(status, "Fine", HttpVersion.HTTP_1_1, fields.build(), BodyLength.NONE, true);
    }

    private String written(ResponseHead head, Framing framing, Persistence persistence) {
        ByteBuf out = Unpooled.buffer();
        forwarding.write(out, head, framing, persistence);
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    @Test
    void linesPassInTheirOrderAndSpelling() {
        ResponseHead head = head(
                200,
                "date",
                "Fri",
                "X-ODD-case",
                " a  b ",
                "Content-Length",
                "5",
                "Set-Cookie",
                "a",
                "Set-Cookie",
                "b");
        assertThat(written(head, Framing.AS_RECEIVED, Persistence.KEEP))
                .isEqualTo("HTTP/1.1 200 Fine\r\ndate: Fri\r\nX-ODD-case:  a  b \r\nContent-Length: 5\r\n"
                        + "Set-Cookie: a\r\nSet-Cookie: b\r\nVia: 1.1 gw\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection",
                "Keep-Alive",
                "Proxy-Connection",
                "Proxy-Authenticate",
                "Transfer-Encoding",
                "Upgrade",
                "TE",
                "X-Named"
            })
    void whatConcernsTheConnectionEndsHere(String name) {
        ResponseHead head = head(200, name, "x", "Connection", "x-named, close", "Server", "origin");
        assertThat(written(head, Framing.AS_RECEIVED, Persistence.KEEP))
                .isEqualTo("HTTP/1.1 200 Fine\r\nServer: origin\r\n" + OUR_DATE + "Via: 1.1 gw\r\n\r\n");
    }

    @Test
    void theLengthCannotBeNamedAway() {
        ResponseHead head = head(200, "Content-Length", "5", "Connection", "content-length");
        assertThat(written(head, Framing.AS_RECEIVED, Persistence.KEEP)).contains("Content-Length: 5\r\n");
    }

    @Test
    void framingAndPersistenceAreOurs() {
        ResponseHead head = head(200);
        assertThat(written(head, Framing.CHUNKED, Persistence.CLOSE))
                .isEqualTo("HTTP/1.1 200 Fine\r\n" + OUR_DATE
                        + "Transfer-Encoding: chunked\r\nVia: 1.1 gw\r\nConnection: close\r\n\r\n");
        assertThat(written(head, Framing.CLOSE, Persistence.KEEP_TOLD)).endsWith("Connection: keep-alive\r\n\r\n");
    }

    @Test
    void aHeadWithoutBodyHasNoLength() {
        assertThat(written(head(204, "Content-Length", "5"), Framing.AS_RECEIVED, Persistence.KEEP))
                .doesNotContain("Content-Length");
        assertThat(written(head(304, "Content-Length", "5"), Framing.AS_RECEIVED, Persistence.KEEP))
                .contains("Content-Length: 5");
    }

    @Test
    void viaGoesOnBehindTheOrigins() {
        ResponseHead old = new ResponseHead(
                200,
                "OK",
                HttpVersion.HTTP_1_0,
                Fields.builder(2).add("Via", "1.1 a").add("Via", "1.1 b").build(),
                0,
                false);
        assertThat(written(old, Framing.AS_RECEIVED, Persistence.KEEP))
                .contains("Via: 1.1 a, 1.1 b, 1.0 gw\r\n")
                .containsOnlyOnce("Via:");
    }

    @Test
    void anInterimHeadIsBare() {
        ByteBuf out = Unpooled.buffer();
        forwarding.writeInterim(out, head(103, "Link", "</a.css>", "Connection", "x", "Content-Length", "3"));
        assertThat(out.toString(StandardCharsets.ISO_8859_1)).isEqualTo("HTTP/1.1 103 Fine\r\nLink: </a.css>\r\n\r\n");
    }
}
