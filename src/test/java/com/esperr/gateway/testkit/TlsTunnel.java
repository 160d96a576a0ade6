package com.esperr.gateway.testkit;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * TLS on a loopback port in front of a plain one, under a certificate for {@code localhost} of an authority made for it.
 * Thread-safe.
 */
public final class TlsTunnel implements AutoCloseable {
    private final SSLServerSocket listener;
    private final X509Bundle authority;
    private final int target;
    private final AtomicInteger shaken = new AtomicInteger();

    private TlsTunnel(int target) throws Exception {
        this.target = target;
        this.authority = new CertificateBuilder()
                .subject("CN=Test Authority")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        X509Bundle identity = new CertificateBuilder()
                .subject("CN=localhost")
                .addSanDnsName("localhost")
                .buildIssuedBy(authority);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(identity.toKeyManagerFactory().getKeyManagers(), null, null);
        listener = (SSLServerSocket) context.getServerSocketFactory().createServerSocket();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** Begins to accept for the server on that port. */
    public static TlsTunnel to(int port) {
        try {
            TlsTunnel tunnel = new TlsTunnel(port);
            start(tunnel::acceptAll);
            return tunnel;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Scheme and authority. */
    public String url() {
        return "https://localhost:" + listener.getLocalPort();
    }

    /** Connections on which TLS was agreed on and bytes came. */
    public int shaken() {
        return shaken.get();
    }

    /** Writes a PEM file with the authority to trust. */
    public Path authority(Path file) {
        try {
            return Files.writeString(file, authority.getCertificatePEM());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closeQuietly(listener);
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
            int first = client.getInputStream().read();
            if (first < 0) {
                return;
            }
            shaken.incrementAndGet();
            server.getOutputStream().write(first);
            start(() -> pass(server, client));
            pass(client, server);
        } catch (IOException broken) {
            // What the two ends make of it is what a test looks at.
            return;
        }
    }

    private static void pass(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException broken) {
            closeQuietly(from);
        }
        closeQuietly(to);
    }

    private static void closeQuietly(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception closedAlready) {
            return;
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "tls-tunnel");
        thread.setDaemon(true);
        thread.start();
    }
}
