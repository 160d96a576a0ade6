package com.esperr.gateway.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestFieldsTest {
    @Test
    void theRequestLineAndHostBecomePseudoFieldsInFront() {
        assertThat(of("GET /a?b=c HTTP/1.1\r\nAccept: */*\r\nHost: gw.test:80\r\n\r\n"))
                .endsWith("accept: */*")
                .contains(":method: GET", ":path: /a?b=c", ":scheme: https", ":authority: gw.test:80")
                .hasSize(5);
    }

    @Test
    void fieldsOfConnectionsAreLeftOut() {
        assertThat(of("POST / HTTP/1.1\r\nHost: a\r\nConnection: TE\r\nTE: trailers\r\nTransfer-Encoding: chunked\r\n"
                        + "Keep-Alive: 1\r\nUpgrade: x\r\nProxy-Connection: close\r\nHTTP2-Settings: AAA\r\n\r\n"))
                .contains("te: trailers")
                .hasSize(5);
    }

    @Test
    void valuesLoseTheWhiteSpaceAroundThemAndKeepTheirBytes() {
        assertThat(of("GET / HTTP/1.1\r\nHost: a\r\nX-A: \t a  \u00e4:b \t\r\nX-B:\r\n\r\n"))
                .contains("x-a: a  \u00e4:b", "x-b: ");
    }

    private static List<String> of(String head) {
        ByteBuf bytes = Unpooled.copiedBuffer(head, StandardCharsets.ISO_8859_1);
        try {
            Http2Headers list = RequestFields.of(bytes, AsciiString.cached("https"));
            List<String> lines = new ArrayList<>();
            list.forEach(field -> lines.add(field.getKey() + ": " + field.getValue()));
            return lines;
        } finally {
            bytes.release();
        }
    }
}
