package com.esperr.gateway.proxy;

import com.esperr.gateway.http2.Flood;
import com.esperr.gateway.testkit.RawHttp2Client;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** What an attacker sends behind the preface, by the kind of flood that it is; more of it than is put up with. Static only. */
final class Http2Floods {
    private static final byte[] NO_PAYLOAD = {};

    private Http2Floods() {}

    /** The frames of a flood of that kind. */
    static byte[] of(Flood kind) {
        return switch (kind) {
            case RAPID_RESET -> requests(1_000, RawHttp2Client.RST_STREAM, RawHttp2Client.number(8));
            case MADE_YOU_RESET -> requests(1_000, RawHttp2Client.WINDOW_UPDATE, RawHttp2Client.number(0));
            case REFUSED_STREAM -> requests(3_000, -1, NO_PAYLOAD);
            case CONTINUATION ->
                join(
                        begun(RawHttp2Client.block(":method", "GET")),
                        repeated(RawHttp2Client.frame(RawHttp2Client.CONTINUATION, 0, 1), 2_000));
            case HEADER_LIST -> bomb();
            case SETTINGS -> repeated(RawHttp2Client.frame(RawHttp2Client.SETTINGS, 0, 0), 2_000);
            case PING -> repeated(RawHttp2Client.frame(RawHttp2Client.PING, 0, 0, new byte[8]), 20_000);
            case EMPTY_FRAMES ->
                join(
                        RawHttp2Client.frame(RawHttp2Client.HEADERS, RawHttp2Client.END_HEADERS, 1, block("POST", 1)),
                        repeated(RawHttp2Client.frame(RawHttp2Client.DATA, 0, 1), 2_000));
            case PRIORITY ->
                repeated(RawHttp2Client.frame(RawHttp2Client.PRIORITY, 0, 1, new byte[] {0, 0, 0, 3, 1}), 10_000);
            case WINDOW_UPDATE ->
                repeated(RawHttp2Client.frame(RawHttp2Client.WINDOW_UPDATE, 0, 0, RawHttp2Client.number(1)), 20_000);
            case UNKNOWN -> repeated(RawHttp2Client.frame(0x42, 0, 0, new byte[10]), 5_000);
        };
    }

    /** A header block that grows and grows. */
    static byte[] growingBlock() {
        byte[] field = RawHttp2Client.block("x", "v".repeat(16_000));
        return join(
                begun(RawHttp2Client.block(":method", "GET")),
                repeated(RawHttp2Client.frame(RawHttp2Client.CONTINUATION, 0, 1, field), 40));
    }

    static byte[] repeated(byte[] frame, int times) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < times; i++) {
            frames.writeBytes(frame);
        }
        return frames.toByteArray();
    }

    /** Requests, each with another frame of that type behind it, or none. */
    private static byte[] requests(int count, int type, byte[] payload) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        int whole = RawHttp2Client.END_HEADERS | RawHttp2Client.END_STREAM;
        for (int i = 0; i < count; i++) {
            int stream = 2 * i + 1;
            frames.writeBytes(RawHttp2Client.frame(RawHttp2Client.HEADERS, whole, stream, block("GET", i)));
            if (type >= 0) {
                frames.writeBytes(RawHttp2Client.frame(type, 0, stream, payload));
            }
        }
        return frames.toByteArray();
    }

    private static byte[] block(String method, int path) {
        return RawHttp2Client.block(":method", method, ":scheme", "http", ":authority", "gw.test", ":path", "/" + path);
    }

    private static byte[] begun(byte[] block) {
        return RawHttp2Client.frame(RawHttp2Client.HEADERS, 0, 1, block);
    }

    /** One field that is kept in the table, and then named by one byte a thousand times. */
    private static byte[] bomb() {
        byte[] kept = new byte[3_005];
        kept[0] = 0x40;
        kept[1] = 1;
        kept[2] = 'x';
        // 2999 as an integer with a prefix of seven bits
        kept[3] = 127;
        kept[4] = (byte) (2872 % 128 + 128);
        kept[5] = 2872 / 128;
        Arrays.fill(kept, 6, kept.length, (byte) 'v');
        byte[] named = new byte[1_000];
        Arrays.fill(named, (byte) (0x80 | 62));
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        int whole = RawHttp2Client.END_HEADERS | RawHttp2Client.END_STREAM;
        frames.writeBytes(RawHttp2Client.frame(RawHttp2Client.HEADERS, whole, 1, kept));
        for (int i = 1; i < 100; i++) {
            frames.writeBytes(RawHttp2Client.frame(RawHttp2Client.HEADERS, whole, 2 * i + 1, named));
        }
        return frames.toByteArray();
    }

    private static byte[] join(byte[] first, byte[] then) {
        byte[] both = Arrays.copyOf(first, first.length + then.length);
        System.arraycopy(then, 0, both, first.length, then.length);
        return both;
    }
}
