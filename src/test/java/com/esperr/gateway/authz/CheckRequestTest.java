package com.esperr.gateway.authz;

import static com.esperr.gateway.authz.EnvoyMessages.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.esperr.gateway.failure.FailureException;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http1.DecoderLimits;
import com.google.protobuf.DynamicMessage;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CheckRequestTest {
    private static final DecoderLimits LIMITS = new DecoderLimits(8192, 32768, 100, 1 << 20);

    private static byte[] frame(byte[] message) {
        byte[] frame = new byte[message.length + 5];
        for (int i = 1; i <= 4; i++) {
            frame[i] = (byte) (message.length >>> (32 - 8 * i));
        }
        System.arraycopy(message, 0, frame, 5, message.length);
        return frame;
    }

    private static byte[] message(String value) {
        return message(value, "/a?b");
    }

    private static byte[] message(String value, String path) {
        DynamicMessage socket = of("SocketAddress", Map.of("address", "198.51.100.23", "port_value", 1));
        DynamicMessage peer = of("Peer", Map.of("address", of("Address", Map.of("socket_address", socket))));
        DynamicMessage header = of("Pair", Map.of("key", "x-a", "value", value));
        DynamicMessage http = of(
                "Http",
                Map.of(
                        "method",
                        "GET",
                        "path",
                        path,
                        "host",
                        "shop.test",
                        "scheme",
                        "https",
                        "headers",
                        List.of(header)));
        DynamicMessage request = of("Request", Map.of("http", http));
        return of("CheckRequest", Map.of("attributes", of("Attributes", Map.of("source", peer, "request", request))))
                .toByteArray();
    }

    @Test
    void theFewFieldsAreRead() {
        CheckRequest check = CheckRequest.read(frame(message("1")));
        RequestHead head = check.head(LIMITS);
        assertThat(head.method()).isEqualTo("GET");
        assertThat(head.target()).isEqualTo("/a?b");
        assertThat(head.fields().toString()).isEqualTo("Host: shop.test\r\nx-a: 1\r\n");
        assertThat(check.scheme()).isEqualTo("https");
        assertThat(check.source().toString()).isEqualTo("198.51.100.23");
    }

    @Test
    void whatIsNoAsciiIsNotReadAsSomethingElse() {
        CheckRequest check = CheckRequest.read(frame(message("1", "/a\u2603b")));
        RequestHead head;
        try {
            head = check.head(LIMITS);
        } catch (FailureException refused) {
            return;
        }
        // As it is on the wire, and in no case "/a?b".
        assertThat(head.target()).isEqualTo("/a\u00e2\u0098\u0083b");
    }

    @Test
    void aValueCannotMakeALineOfItsOwn() {
        CheckRequest check = CheckRequest.read(frame(message("1\r\nCookie: a=b")));
        assertThat(catchThrowableOfType(FailureException.class, () -> check.head(LIMITS))
                        .reason())
                .isEqualTo(FailureReason.MALFORMED_ENQUIRY);
    }

    @Test
    void whateverBytesComeItIsReadOrRefused() {
        Random random = new Random(7);
        byte[] good = frame(message("1"));
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = good.clone();
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                bytes[5 + random.nextInt(bytes.length - 5)] = (byte) random.nextInt(256);
            }
            try {
                CheckRequest check = CheckRequest.read(bytes);
                check.head(LIMITS);
                check.source();
                read++;
            } catch (FailureException refused) {
                assertThat(refused.reason().status()).isBetween(400, 599);
            }
        }
        assertThat(read).isPositive();
    }
}
