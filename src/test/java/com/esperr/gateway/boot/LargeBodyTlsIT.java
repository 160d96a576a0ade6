package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.Certificates;
import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.Pattern;
import com.esperr.gateway.testkit.ReceivedRequest;
import com.esperr.gateway.testkit.TestOrigin;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As {@link LargeBodyIT}, with TLS between client and gateway: 1 GiB passes either way in little memory. */
class LargeBodyTlsIT {
    private static final long GIB = 1L << 30;
    private static final long MIB = 1L << 20;
    private static final long CRC_OF_A_GIB = Pattern.crc32(GIB);
    /** Heap and direct memory together may not have more, so this is what growing without bound would exceed. */
    private static final long GROWTH = 160 * MIB;

    @TempDir
    Path directory;

    private final X509Bundle authority = Certificates.authority();
    private final TestOrigin origin = TestOrigin.start();
    private GatewayProcess gateway;

    @BeforeEach
    void start() throws Exception {
        X509Bundle bundle = Certificates.issued(authority, "localhost");
        Certificates.chain(bundle, directory.resolve("a.pem"));
        Certificates.key(bundle, directory.resolve("a.key"));
        Path config = Files.writeString(
                directory.resolve("g.conf"),
                "listen.tls.certificates = [ { certificate-file = \"%1$s/a.pem\", key-file = \"%1$s/a.key\" } ]"
                        .formatted(directory));
        gateway = GatewayProcess.start(
                List.of("-Xmx128m", "-XX:MaxDirectMemorySize=64m"),
                Map.of(),
                "run",
                "--config=" + config,
                "--origin=" + origin.url(),
                "--listen=127.0.0.1:0",
                "--admin=127.0.0.1:0");
        // What a first request loads is no growth.
        try (SSLSocket socket = connect()) {
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(readHead(socket.getInputStream())).startsWith("HTTP/1.1 200 ");
        }
        origin.forget();
    }

    @AfterEach
    void stop() {
        gateway.close();
        origin.close();
    }

    private SSLSocket connect() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, authority.toTrustManagerFactory().getTrustManagers(), null);
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), gateway.port());
        socket.setSoTimeout(60_000);
        return socket;
    }

    private static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int read = in.read();
            assertThat(read).isNotNegative();
            head.append((char) read);
        }
        return head.toString();
    }

    @Test
    void aGibibyteGoesUp() throws Exception {
        long before = gateway.residentBytes();
        try (SSLSocket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /up HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + GIB + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            Pattern.writeTo(out, GIB);
            out.flush();
            assertThat(readHead(socket.getInputStream())).startsWith("HTTP/1.1 200 ");
        }
        ReceivedRequest received = origin.onlyRequest();
        assertThat(received.bodyLength()).isEqualTo(GIB);
        assertThat(received.bodyCrc32()).isEqualTo(CRC_OF_A_GIB);
        assertFlat("1 GiB up under TLS", before);
    }

    @Test
    void aGibibyteComesDown() throws Exception {
        origin.on("/down", Behaviours.stream(GIB));
        long before = gateway.residentBytes();
        CRC32 crc = new CRC32();
        try (SSLSocket socket = connect()) {
            socket.getOutputStream()
                    .write("GET /down HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            assertThat(readHead(in)).startsWith("HTTP/1.1 200 ");
            byte[] buffer = new byte[65_536];
            for (long left = GIB; left > 0; ) {
                int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                assertThat(count).isPositive();
                crc.update(buffer, 0, count);
                left -= count;
            }
        }
        assertThat(crc.getValue()).isEqualTo(CRC_OF_A_GIB);
        assertFlat("1 GiB down under TLS", before);
    }

    private void assertFlat(String what, long before) {
        long peak = gateway.peakResidentBytes();
        System.out.printf(
                "large body: %s: %d MiB resident before, %d MiB at the peak%n", what, before / MIB, peak / MIB);
        assertThat(peak - before).as(what).isLessThan(GROWTH);
        assertThat(gateway.isAlive()).isTrue();
    }
}
