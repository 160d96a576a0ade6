package com.esperr.gateway.transport;

import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** A loopback server that answers every request on a TLS connection with {@code ok}. Thread-safe. */
final class TlsServer implements AutoCloseable {
    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);

    private final SSLServerSocket listener;
    private final CountDownLatch mayShakeHands;
    private final AtomicInteger accepted = new AtomicInteger();

    /** A server that waits with each handshake until the latch is open. */
    TlsServer(X509Bundle identity, CountDownLatch mayShakeHands) {
        this.mayShakeHands = mayShakeHands;
        try {
            KeyManagerFactory keys = identity.toKeyManagerFactory();
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            listener = (SSLServerSocket) context.getServerSocketFactory().createServerSocket();
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::acceptAll);
    }

    int port() {
        return listener.getLocalPort();
    }

    int accepted() {
        return accepted.get();
    }

    static String pem(X509Certificate certificate) {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        mayShakeHands.countDown();
        listener.close();
    }

    private void acceptAll() {
        try {
            while (true) {
                SSLSocket socket = (SSLSocket) listener.accept();
                accepted.incrementAndGet();
                start(() -> serve(socket));
            }
        } catch (IOException e) {
            // The listener was closed, or there is nothing more to accept.
        }
    }

    private void serve(SSLSocket connection) {
        try (SSLSocket socket = connection) {
            mayShakeHands.await();
            StringBuilder received = new StringBuilder();
            for (int b = socket.getInputStream().read();
                    b >= 0;
                    b = socket.getInputStream().read()) {
                received.append((char) b);
                // The calls of these tests have a body of one byte.
                if (received.length() > 5
                        && received.substring(0, received.length() - 1).endsWith("\r\n\r\n")) {
                    socket.getOutputStream().write(ANSWER);
                    received.setLength(0);
                }
            }
        } catch (IOException | InterruptedException e) {
            // A client that does not like the certificate leaves.
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "tls-server");
        thread.setDaemon(true);
        thread.start();
    }
}
