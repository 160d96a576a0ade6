package com.esperr.gateway.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;

/** The question by which a WebSocket's server shows over HTTP/1.1 that it knows what it was asked (RFC 6455 section 4). Static only. */
public final class WebSocketKey {
    /** The field of the question. */
    public static final String FIELD = "sec-websocket-key";

    /** The field of its answer. */
    public static final String ANSWER = "sec-websocket-accept";

    private static final String SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private WebSocketKey() {}

    /** A key that was not used before. */
    public static String fresh() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        byte[] nonce = ByteBuffer.allocate(16)
                .putLong(random.nextLong())
                .putLong(random.nextLong())
                .array();
        return Base64.getEncoder().encodeToString(nonce);
    }

    /** What a server answers to {@code key}. */
    public static String answer(String key) {
        try {
            byte[] asked = (key + SUFFIX).getBytes(StandardCharsets.ISO_8859_1);
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1").digest(asked));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
