package com.esperr.gateway.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An origin that speaks HTTP/2 from the first byte and answers exactly the frames a test says, allowed or not. Confined to the thread
 * of its test.
 */
public final class RawHttp2Origin implements AutoCloseable {
    private static final int READ_TIMEOUT = 30_000;

    private final ServerSocket listener;
    private final List<RawHttp2Client> peers = new ArrayList<>();

    private RawHttp2Origin(ServerSocket listener) {
        this.listener = listener;
    }

    /** Listens on a free port of 127.0.0.1. */
    public static RawHttp2Origin start() {
        try {
            ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            listener.setSoTimeout(READ_TIMEOUT);
            return new RawHttp2Origin(listener);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    /** The next connection, which is told these settings. */
    public RawHttp2Client accept(byte... settings) {
        try {
            RawHttp2Client peer = RawHttp2Client.accepted(next(), settings);
            peers.add(peer);
            return peer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Says these bytes on the next connection, whatever that says. */
    public void acceptAndSay(String bytes) {
        try {
            Socket socket = next();
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One on which the preface is begun, by its first byte, which is read: the gateway also only looks whether somebody is there. */
    private Socket next() throws IOException {
        while (true) {
            Socket socket = listener.accept();
            socket.setSoTimeout(READ_TIMEOUT);
            if (socket.getInputStream().read() == 'P') {
                return socket;
            }
            socket.close();
        }
    }

    @Override
    public void close() {
        peers.forEach(RawHttp2Client::close);
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
