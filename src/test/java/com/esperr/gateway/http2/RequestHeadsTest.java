package com.esperr.gateway.http2;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.HttpVersion;
import com.esperr.gateway.http.MessageEnd;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http1.DecoderLimits;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadsTest {
    private final RequestHeads heads = new RequestHeads(new DecoderLimits(1024, 4096, 20, 1000), true);

    @Test
    void aListBecomesAHead() {
        RequestHead head = heads.head(get("accept", "*/*", "cookie", "a=1", "x", "", "cookie", "b=2"), true);
        assertThat(head.method()).isEqualTo("GET");
        assertThat(head.target()).isEqualTo("/page?q");
        assertThat(head.version()).isEqualTo(HttpVersion.HTTP_2);
        assertThat(head.hasBody()).isFalse();
        assertThat(head.keepAlive()).isTrue();
        assertThat(head.fields()).hasToString("host: gw.test\r\naccept: */*\r\nx: \r\ncookie: a=1; b=2\r\n");
    }

    @Test
    void whereABodyEndsIsToldByTheFrames() {
        assertThat(heads.head(get(), false).bodyLength()).isEqualTo(BodyLength.CHUNKED);
        assertThat(heads.head(get("content-length", "7"), false).bodyLength()).isEqualTo(7);
        assertThat(heads.head(get("content-length", "0"), true).hasBody()).isFalse();
        assertThat(refusal(get("content-length", "7"), true)).isEqualTo(FailureReason.AMBIGUOUS_FRAMING);
        assertThat(refusal(get("content-length", "7", "content-length", "7"), false))
                .isEqualTo(FailureReason.AMBIGUOUS_FRAMING);
        assertThat(refusal(get("content-length", "1001"), false)).isEqualTo(FailureReason.BODY_TOO_LARGE);
    }

    @Test
    void anExpectationCountsOnlyWithABody() {
        assertThat(heads.head(get("expect", "100-continue"), false).expectsContinue())
                .isTrue();
        assertThat(heads.head(get("expect", "100-continue"), true).expectsContinue())
                .isFalse();
        assertThat(refusal(get("expect", "more"), false)).isEqualTo(FailureReason.EXPECTATION_FAILED);
    }

    @Test
    void whoIsAskedMayStandInTheHostField() {
        RequestHead head = heads.head(list(":method", "GET", ":scheme", "https", ":path", "/", "host", "a.test"), true);
        assertThat(head.fields().get(FieldName.HOST)).isEqualTo("a.test");
        assertThat(heads.head(get("host", "GW.test"), true).fields().count(FieldName.HOST))
                .isEqualTo(1);
        assertThat(refusal(get("host", "b.test"), true)).isEqualTo(FailureReason.INVALID_HOST);
        assertThat(refusal(get("host", "gw.test", "host", "gw.test"), true)).isEqualTo(FailureReason.INVALID_HOST);
        assertThat(refusal(list(":method", "GET", ":scheme", "http", ":path", "/"), true))
                .isEqualTo(FailureReason.INVALID_HOST);
    }

    @Test
    void theWholeServerMayBeAskedWithOptionsOnly() {
        assertThat(heads.head(
                                list(":method", "OPTIONS", ":scheme", "http", ":authority", "gw.test", ":path", "*"),
                                true)
                        .target())
                .isEqualTo("*");
        assertThat(refusal(list(":method", "GET", ":scheme", "http", ":authority", "gw.test", ":path", "*"), true))
                .isEqualTo(FailureReason.MALFORMED_HEAD);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "connection",
                "keep-alive",
                "proxy-connection",
                "transfer-encoding",
                "upgrade",
                "Accept",
                "a b",
                ""
            })
    void fieldsOfConnectionsAndNamesThatAreNoneAreRefused(String name) {
        assertThat(refusal(get(name, "1"), true)).isEqualTo(FailureReason.MALFORMED_HEAD);
    }

    @Test
    void everyByteThatCouldEndALineIsRefusedWhereverItStands() {
        for (char c : new char[] {'\r', '\n', 0}) {
            assertThat(refusal(get("x", "a" + c + "b"), true)).isEqualTo(FailureReason.MALFORMED_HEAD);
            assertThat(refusal(get("x" + c, "a"), true)).isEqualTo(FailureReason.MALFORMED_HEAD);
            for (int at = 1; at < 8; at += 2) {
                String[] line = {":method", "GET", ":scheme", "http", ":authority", "gw.test", ":path", "/page"};
                line[at] += c + "x";
                assertThat(refusal(list(line), true)).isEqualTo(FailureReason.MALFORMED_HEAD);
            }
        }
    }

    @Test
    void trailersAreHeldToTheRulesOfThoseBehindChunks() {
        MessageEnd end = heads.end(list("grpc-status", "0"));
        assertThat(end.trailers()).hasToString("grpc-status: 0\r\n");
        for (String name : new String[] {":path", "content-length", "host", "x-forwarded-for", "Upper", "connection"}) {
            assertThat(heads.end(list(name, "1"))).as(name).isNull();
            assertThat(heads.fault().reason()).isEqualTo(FailureReason.MALFORMED_BODY);
        }
    }

    @Test
    void aWebSocketIsAskedForAsHttp1Does() {
        RequestHead head = heads.head(connect("sec-websocket-key", "theirs", "x", "1"), false);
        assertThat(head.method()).isEqualTo("GET");
        assertThat(head.target()).isEqualTo("/chat");
        assertThat(head.hasBody()).isFalse();
        assertThat(head.fields().toString())
                .matches("host: gw.test\r\nx: 1\r\nconnection: Upgrade\r\nupgrade: websocket\r\n"
                        + "sec-websocket-key: [A-Za-z0-9+/]{22}==\r\n");
        assertThat(refusal(connect(), true)).isEqualTo(FailureReason.AMBIGUOUS_FRAMING);
        assertThat(refusal(connect("content-length", "0"), false)).isEqualTo(FailureReason.AMBIGUOUS_FRAMING);
        assertThat(refusal(connect("upgrade", "h2c"), false)).isEqualTo(FailureReason.MALFORMED_HEAD);
        RequestHeads without = new RequestHeads(new DecoderLimits(1024, 4096, 20, 1000), false);
        assertThat(without.head(connect(), false)).isNull();
        assertThat(without.fault().reason()).isEqualTo(FailureReason.UNSUPPORTED_METHOD);
    }

    private static HeaderList connect(String... more) {
        String[] line = {
            ":method",
            "CONNECT",
            ":protocol",
            "websocket",
            ":scheme",
            "https",
            ":authority",
            "gw.test",
            ":path",
            "/chat"
        };
        return list(Stream.of(line, more).flatMap(Stream::of).toArray(String[]::new));
    }

    private FailureReason refusal(HeaderList list, boolean last) {
        assertThat(heads.head(list, last)).isNull();
        return heads.fault().reason();
    }

    private static HeaderList get(String... more) {
        return list(Stream.of(
                        new String[] {":method", "GET", ":scheme", "http", ":authority", "gw.test", ":path", "/page?q"},
                        more)
                .flatMap(Stream::of)
                .toArray(String[]::new));
    }

    private static HeaderList list(String... namesAndValues) {
        HeaderList list = new HeaderList(4);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            list.add(text(namesAndValues[i]), text(namesAndValues[i + 1]));
        }
        return list;
    }

    private static AsciiString text(String latin1) {
        return new AsciiString(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }
}
