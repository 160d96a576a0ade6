package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Pattern;
import com.esperr.gateway.testkit.RawHttp2Client;
import java.io.ByteArrayInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A visitor who does not read while his response is compressed: the origin has to wait, and nothing piles up between them. */
class CompressionSlowReaderIT {
    /** Much more than what sockets hold, and of bytes that no encoder makes fewer. */
    private static final int SIZE = 32 << 20;

    private static final int MOST_HELD = 4 << 20;

    private final Scene scene = Scene.with("compression.enabled", "true", "compression.types", "text/plain");
    private final AtomicLong sent = new AtomicLong();
    private double before;

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void ofHttp1() throws IOException {
        begin();
        HttpURLConnection slow = (HttpURLConnection) URI.create("http://127.0.0.1:" + scene.gateway.port() + "/large")
                .toURL()
                .openConnection();
        slow.setRequestProperty("Accept-Encoding", "gzip");
        slow.setReadTimeout(60_000);
        // Which has read the head, and a buffer at most.
        try (InputStream body = slow.getInputStream()) {
            checkTheOriginWaits();
            check(body);
        } finally {
            slow.disconnect();
        }
    }

    @Test
    void ofHttp2() throws IOException {
        begin();
        try (RawHttp2Client slow = RawHttp2Client.connect(scene.gateway.port())) {
            slow.get(1, "/large", "accept-encoding", "gzip");
            checkTheOriginWaits();
            slow.windowUpdate(0, 1 << 30).windowUpdate(1, 1 << 30);
            check(new ByteArrayInputStream(slow.response(1).body()));
        }
    }

    private void begin() {
        scene.origin.on("/large", exchange -> {
            exchange.readBody()
                    .send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + SIZE + "\r\n\r\n");
            Pattern.writeTo(new Counting(exchange.out()), SIZE);
        });
        // What a first response brings with it is not held.
        assertThat(scene.ask("GET /", "Accept-Encoding: gzip").status()).isEqualTo(200);
        before = direct();
    }

    private void checkTheOriginWaits() {
        long[] last = {-1, 0};
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    long now = sent.get();
                    last[1] = now > 0 && now == last[0] ? last[1] + 1 : 0;
                    last[0] = now;
                    return last[1] >= 10;
                });
        assertThat(sent.get()).isLessThan(SIZE);
        assertThat(direct() - before).isLessThan(MOST_HELD);
        assertThat(scene.gateway.metric("esper_compression_open")).isEqualTo(1);
    }

    private void check(InputStream gzip) throws IOException {
        CheckedInputStream in = new CheckedInputStream(new GZIPInputStream(gzip), new CRC32());
        assertThat(in.transferTo(OutputStream.nullOutputStream())).isEqualTo(SIZE);
        assertThat(in.getChecksum().getValue()).isEqualTo(Pattern.crc32(SIZE));
        await().atMost(Duration.ofSeconds(30)).until(() -> scene.gateway.metric("esper_compression_open") == 0);
    }

    private double direct() {
        return scene.gateway.metric("esper_direct_memory_bytes");
    }

    /** Counts what is taken. */
    private final class Counting extends FilterOutputStream {
        private Counting(OutputStream to) {
            super(to);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            out.write(bytes, from, count);
            sent.addAndGet(count);
        }
    }
}
