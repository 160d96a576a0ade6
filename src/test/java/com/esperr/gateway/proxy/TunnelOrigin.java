package com.esperr.gateway.proxy;

import com.esperr.gateway.http.WebSocketKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An origin that reads a head, answers what it was told to and then leaves the connection to the test, or sends back whatever comes.
 * Thread-safe.
 */
final class TunnelOrigin implements AutoCloseable {
    static final String SWITCH = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

    /** With the answer that belongs to the key that it was asked. */
    static final String ANSWERED = SWITCH.replace("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "ANSWER");

    private static final Pattern KEY = Pattern.compile("(?i)\r\nsec-websocket-key: ([^\r]*)");

    private final ServerSocket listener;
    private final String answer;
    private final boolean echoes;
    private final BlockingQueue<Visit> visits = new LinkedBlockingQueue<>();

    private TunnelOrigin(String answer, boolean echoes) throws IOException {
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.answer = answer;
        this.echoes = echoes;
        Thread server = new Thread(this::serve, "tunnel-origin");
        server.setDaemon(true);
        server.start();
    }

    /** One that sends everything back behind {@code answer}. */
    static TunnelOrigin echo(String answer) throws IOException {
        return new TunnelOrigin(answer, true);
    }

    /** One that does what the test does with {@link Visit#socket}. */
    static TunnelOrigin silent(String answer) throws IOException {
        return new TunnelOrigin(answer, false);
    }

    String url() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    /** The next connection whose head was read and answered. */
    Visit visit() throws InterruptedException {
        Visit visit = visits.poll(30, TimeUnit.SECONDS);
        if (visit == null) {
            throw new AssertionError("nobody came to the origin");
        }
        return visit;
    }

    private void serve() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                Thread visit = new Thread(() -> receive(socket), "tunnel-visit");
                visit.setDaemon(true);
                visit.start();
            } catch (IOException ended) {
                if (!listener.isClosed()) {
                    throw new UncheckedIOException(ended);
                }
            }
        }
    }

    private void receive(Socket socket) {
        try {
            socket.setSoTimeout(30_000);
            InputStream in = socket.getInputStream();
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                int octet = in.read();
                if (octet < 0) {
                    socket.close();
                    return;
                }
                head.write(octet);
            }
            Matcher key = KEY.matcher(head.toString(StandardCharsets.ISO_8859_1));
            String said = key.find() ? answer.replace("ANSWER", WebSocketKey.answer(key.group(1))) : answer;
            socket.getOutputStream().write(said.getBytes(StandardCharsets.ISO_8859_1));
            visits.add(new Visit(head.toString(StandardCharsets.ISO_8859_1), socket));
            if (echoes) {
                in.transferTo(socket.getOutputStream());
                socket.close();
            }
        } catch (IOException gone) {
            // The test that ended it knows.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Visit visit : visits) {
            visit.socket().close();
        }
    }

    /**
     * A connection.
     *
     * @param head what the gateway asked
     * @param socket where it is
     */
    record Visit(String head, Socket socket) {
        /** Reads exactly that much. */
        byte[] read(int count) throws IOException {
            byte[] bytes = socket.getInputStream().readNBytes(count);
            if (bytes.length < count) {
                throw new IOException("only " + bytes.length + " of " + count + " bytes came");
            }
            return bytes;
        }

        void write(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
        }

        /** Whether the gateway sends no more. */
        boolean ended() throws IOException {
            return socket.getInputStream().read() < 0;
        }
    }
}
