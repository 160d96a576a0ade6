package com.esperr.gateway.testkit;

import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/**
 * An origin that speaks TLS itself, so that a test can say how it ends a connection, and sees what it was asked for. It answers
 * {@code ok}; without a length and with a proper end for {@code /ended}, without a length and by a mere close of TCP for
 * {@code /cut}. Thread-safe; each connection has its own thread.
 */
public final class TlsOrigin implements AutoCloseable {
    private final ServerSocket listener;
    private final SSLContext context;
    private final boolean askForCertificate;
    private final AtomicInteger accepted = new AtomicInteger();
    private final List<String> names = new CopyOnWriteArrayList<>();
    private final List<String> clients = new CopyOnWriteArrayList<>();

    private TlsOrigin(X509Bundle identity, X509Bundle clients) throws Exception {
        askForCertificate = clients != null;
        context = SSLContext.getInstance("TLS");
        TrustManager[] trust =
                clients == null ? null : clients.toTrustManagerFactory().getTrustManagers();
        context.init(identity.toKeyManagerFactory().getKeyManagers(), trust, null);
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::acceptAll);
    }

    /** An origin with that certificate. */
    public static TlsOrigin of(X509Bundle identity) throws Exception {
        return new TlsOrigin(identity, null);
    }

    /** An origin that serves only who has a certificate of {@code clients}. */
    public static TlsOrigin demanding(X509Bundle identity, X509Bundle clients) throws Exception {
        return new TlsOrigin(identity, clients);
    }

    public int port() {
        return listener.getLocalPort();
    }

    public int connectionsAccepted() {
        return accepted.get();
    }

    /** The names that connections asked for, in order of their handshakes; empty for one that asked for none. */
    public List<String> names() {
        return List.copyOf(names);
    }

    /** The subjects of the certificates that were shown. */
    public List<String> clients() {
        return List.copyOf(clients);
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                accepted.incrementAndGet();
                start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket plain) {
        try (plain) {
            SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(plain, null, plain.getPort(), true);
            tls.setUseClientMode(false);
            tls.setNeedClientAuth(askForCertificate);
            tls.startHandshake();
            note(tls);
            String head = readHead(tls.getInputStream());
            while (!head.isEmpty()) {
                OutputStream out = tls.getOutputStream();
                if (head.startsWith("GET /cut ") || head.startsWith("GET /ended ")) {
                    out.write("HTTP/1.1 200 OK\r\n\r\nok".getBytes(StandardCharsets.US_ASCII));
                    if (head.startsWith("GET /ended ")) {
                        tls.close();
                    }
                    return;
                }
                out.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII));
                head = readHead(tls.getInputStream());
            }
        } catch (IOException broken) {
            // A client that does not like the certificate leaves.
            return;
        }
    }

    private void note(SSLSocket tls) throws IOException {
        List<?> asked = ((ExtendedSSLSession) tls.getSession()).getRequestedServerNames();
        names.add(asked.isEmpty() ? "" : asked.get(0).toString());
        if (askForCertificate) {
            clients.add(tls.getSession().getPeerPrincipal().getName());
        }
    }

    private static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (int b = in.read(); b >= 0; b = in.read()) {
            head.append((char) b);
            if (head.length() > 3 && head.substring(head.length() - 4).equals("\r\n\r\n")) {
                return head.toString();
            }
        }
        return "";
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "tls-origin");
        thread.setDaemon(true);
        thread.start();
    }
}
