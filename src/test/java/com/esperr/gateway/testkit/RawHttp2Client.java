package com.esperr.gateway.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * A client that sends exactly the frames it is given, allowed or not, and reads frames as they come. It acknowledges settings, and
 * does nothing else by itself. Every read waits at most the read timeout. One thread may send while another reads.
 */
public final class RawHttp2Client implements AutoCloseable {
    public static final int DATA = 0x0;
    public static final int HEADERS = 0x1;
    public static final int PRIORITY = 0x2;
    public static final int RST_STREAM = 0x3;
    public static final int SETTINGS = 0x4;
    public static final int PUSH_PROMISE = 0x5;
    public static final int PING = 0x6;
    public static final int GOAWAY = 0x7;
    public static final int WINDOW_UPDATE = 0x8;
    public static final int CONTINUATION = 0x9;

    public static final int END_STREAM = 0x1;
    public static final int ACK = 0x1;
    public static final int END_HEADERS = 0x4;
    public static final int PADDED = 0x8;

    public static final int NO_ERROR = 0x0;
    public static final int PROTOCOL_ERROR = 0x1;
    public static final int ENHANCE_YOUR_CALM = 0xb;

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);

    private final Socket socket;
    private final OutputStream out;
    private final DataInputStream in;
    private final DefaultHttp2HeadersDecoder hpack = new DefaultHttp2HeadersDecoder(false, 1 << 20);
    private final Map<Integer, Integer> settings = new ConcurrentHashMap<>();
    /** Frames that came while others were waited for. */
    private final List<Http2Frame> kept = new ArrayList<>();

    private RawHttp2Client(Socket socket) throws IOException {
        this.socket = socket;
        this.out = socket.getOutputStream();
        this.in = new DataInputStream(socket.getInputStream());
    }

    /** Connects to a port of 127.0.0.1 and sends the preface and empty settings. */
    public static RawHttp2Client connect(int port) {
        return open(port).sendRaw(PREFACE.getBytes(StandardCharsets.US_ASCII)).send(SETTINGS, 0, 0);
    }

    /** The other end of a connection of whose preface the first byte was read: reads the rest, and sends these settings. */
    static RawHttp2Client accepted(Socket socket, byte... settings) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(Math.toIntExact(READ_TIMEOUT.toMillis()));
        RawHttp2Client peer = new RawHttp2Client(socket);
        byte[] preface = new byte[PREFACE.length() - 1];
        peer.in.readFully(preface);
        if (!PREFACE.substring(1).equals(new String(preface, StandardCharsets.US_ASCII))) {
            throw new AssertionError("preface: " + new String(preface, StandardCharsets.US_ASCII));
        }
        return peer.send(SETTINGS, 0, 0, settings);
    }

    /** Connects to a port of 127.0.0.1 and says nothing. */
    public static RawHttp2Client open(int port) {
        try {
            Socket socket = new Socket();
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(Math.toIntExact(READ_TIMEOUT.toMillis()));
            socket.connect(new InetSocketAddress("127.0.0.1", port), Math.toIntExact(READ_TIMEOUT.toMillis()));
            return new RawHttp2Client(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // --- sending

    /** Sends these bytes as they are. */
    public RawHttp2Client sendRaw(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends what may be cut off by the peer; whether all of it was taken. */
    public boolean trySendRaw(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Sends one frame. */
    public RawHttp2Client send(int type, int flags, int stream, byte... payload) {
        return sendRaw(frame(type, flags, stream, payload));
    }

    /** One frame as bytes. */
    public static byte[] frame(int type, int flags, int stream, byte... payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** Four bytes, as settings of windows, error codes and increments are written. */
    public static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    /** A header block in which every field, a name and its value in turns, stands as a literal; nothing is checked. */
    public static byte[] block(String... namesAndValues) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            block.write(0);
            text(block, namesAndValues[i]);
            text(block, namesAndValues[i + 1]);
        }
        return block.toByteArray();
    }

    private static void text(ByteArrayOutputStream block, String latin1) {
        byte[] bytes = latin1.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length < 127) {
            block.write(bytes.length);
        } else {
            block.write(127);
            int rest = bytes.length - 127;
            while (rest >= 128) {
                block.write(rest % 128 + 128);
                rest /= 128;
            }
            block.write(rest);
        }
        block.writeBytes(bytes);
    }

    /** Sends one HEADERS frame with that whole block. */
    public RawHttp2Client headers(int stream, boolean last, String... namesAndValues) {
        return send(HEADERS, END_HEADERS | (last ? END_STREAM : 0), stream, block(namesAndValues));
    }

    /** Sends a GET for {@code path} to {@code gw.test}. */
    public RawHttp2Client get(int stream, String path, String... more) {
        return headers(stream, true, request("GET", path, more));
    }

    /** Sends the head of a POST for {@code path} to {@code gw.test}. */
    public RawHttp2Client post(int stream, String path, String... more) {
        return headers(stream, false, request("POST", path, more));
    }

    private static String[] request(String method, String path, String... more) {
        List<String> fields =
                new ArrayList<>(List.of(":method", method, ":scheme", "http", ":authority", "gw.test", ":path", path));
        fields.addAll(List.of(more));
        return fields.toArray(String[]::new);
    }

    /** Sends a DATA frame. */
    public RawHttp2Client data(int stream, boolean last, byte... bytes) {
        return send(DATA, last ? END_STREAM : 0, stream, bytes);
    }

    /** Gives the peer room for so many more bytes. */
    public RawHttp2Client windowUpdate(int stream, int increment) {
        return send(WINDOW_UPDATE, 0, stream, number(increment));
    }

    /** Resets a stream. */
    public RawHttp2Client reset(int stream, int error) {
        return send(RST_STREAM, 0, stream, number(error));
    }

    // --- reading

    /** What the peer has said of a setting so far, or -1. */
    public int setting(int id) {
        return settings.getOrDefault(id, -1);
    }

    /** The next so many bytes of data on {@code stream}, or more if the frame has more; fails if it ends before. */
    public byte[] data(int stream, int count) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        while (data.size() < count) {
            Http2Frame frame = await(next -> next.stream() == stream && next.type() != WINDOW_UPDATE);
            if (frame.type() != DATA || (frame.has(END_STREAM) && data.size() + frame.payload().length < count)) {
                throw new AssertionError(frame + " (expected: data)");
            }
            data.writeBytes(frame.payload());
        }
        return data.toByteArray();
    }

    /** The next frame that is not about settings. */
    public Http2Frame read() {
        return kept.isEmpty() ? receive() : kept.remove(0);
    }

    private Http2Frame receive() {
        try {
            while (true) {
                int head = in.readInt();
                int flags = in.readUnsignedByte();
                int stream = in.readInt();
                byte[] payload = new byte[head >>> 8];
                in.readFully(payload);
                int type = head & 0xFF;
                // At once, because blocks can only be read in the order in which they were written.
                List<String> fields = type == HEADERS ? decode(payload) : List.of();
                Http2Frame frame = new Http2Frame(type, flags, stream, payload, fields);
                if (frame.type() != SETTINGS) {
                    return frame;
                }
                if (!frame.has(ACK)) {
                    for (ByteBuffer told = ByteBuffer.wrap(payload); told.hasRemaining(); ) {
                        settings.put((int) told.getShort(), told.getInt());
                    }
                    trySendRaw(frame(SETTINGS, ACK, 0));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next frame that is wanted; the others are kept for later. */
    public Http2Frame await(Predicate<Http2Frame> wanted) {
        for (int i = 0; i < kept.size(); i++) {
            if (wanted.test(kept.get(i))) {
                return kept.remove(i);
            }
        }
        while (true) {
            Http2Frame frame = receive();
            if (wanted.test(frame)) {
                return frame;
            }
            kept.add(frame);
        }
    }

    /** The next frame of that type. */
    public Http2Frame awaitType(int type) {
        return await(frame -> frame.type() == type);
    }

    /** What comes on {@code stream} until it ends; it must, and other streams wait. */
    public Http2Response response(int stream) {
        List<List<String>> heads = new ArrayList<>();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        Integer reset = null;
        boolean ended = false;
        while (!ended) {
            Http2Frame frame =
                    await(next -> next.stream() == stream || (next.type() == GOAWAY && next.errorCode() != NO_ERROR));
            switch (frame.type()) {
                case HEADERS -> heads.add(frame.fields());
                case DATA -> body.writeBytes(frame.payload());
                case RST_STREAM -> reset = frame.errorCode();
                case GOAWAY -> throw new AssertionError("connection ended: " + text(frame));
                default -> {}
            }
            ended = reset != null || (frame.type() <= HEADERS && frame.has(END_STREAM));
        }
        return new Http2Response(heads, body.toByteArray(), reset);
    }

    /** Sends a GET and reads its response. */
    public Http2Response exchange(int stream, String path, String... more) {
        return get(stream, path, more).response(stream);
    }

    /** What a GOAWAY says. */
    public static String text(Http2Frame goAway) {
        byte[] payload = goAway.payload();
        return "GOAWAY " + goAway.errorCode() + " "
                + new String(payload, 8, payload.length - 8, StandardCharsets.UTF_8);
    }

    /** The GOAWAY with an error that ends the connection; fails if it ends without, or goes on. */
    public Http2Frame farewell() {
        return await(frame -> frame.type() == GOAWAY && frame.errorCode() != NO_ERROR);
    }

    /** Whether the peer closes the connection within the read timeout; frames before that are dropped. */
    public boolean closedByPeer() {
        try {
            while (true) {
                receive();
            }
        } catch (UncheckedIOException e) {
            return e.getCause() instanceof EOFException
                    || String.valueOf(e.getCause().getMessage()).contains("reset");
        }
    }

    private List<String> decode(byte[] block) {
        ByteBuf bytes = Unpooled.wrappedBuffer(block);
        try {
            List<String> lines = new ArrayList<>();
            hpack.decodeHeaders(1, bytes).forEach(field -> lines.add(field.getKey() + ": " + field.getValue()));
            return lines;
        } catch (Http2Exception e) {
            throw new AssertionError("header block", e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
