package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Behaviour;
import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.Pattern;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.ReceivedRequest;
import com.esperr.gateway.testkit.TestOrigin;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway with far less memory than a body has bytes: 1 GiB passes either way, and a side that stops is waited for. */
class LargeBodyIT {
    private static final long GIB = 1L << 30;
    private static final long MIB = 1L << 20;
    private static final long CRC_OF_A_GIB = Pattern.crc32(GIB);
    /** Of one stalled exchange, in the two kernels' buffers on the way: more than that and somebody is collecting. */
    private static final long ON_THE_WAY = 32 * MIB;
    /** Heap and direct memory together may not have more, so this is what growing without bound would exceed. */
    private static final long GROWTH = 160 * MIB;

    private static final int STALLED = 8;
    private static final byte[] BLOCK = new byte[65_536];

    private final AtomicLong sent = new AtomicLong();
    private final CountDownLatch latch = new CountDownLatch(1);
    private final TestOrigin origin = TestOrigin.start();
    private GatewayProcess gateway;

    @BeforeEach
    void start() {
        gateway = GatewayProcess.start(
                List.of("-Xmx128m", "-XX:MaxDirectMemorySize=64m"),
                Map.of(),
                "run",
                "--origin=" + origin.url(),
                "--listen=127.0.0.1:0",
                "--admin=127.0.0.1:0");
        assertThat(RawClient.exchange(gateway.port(), "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                        .status())
                .isEqualTo(200);
        origin.forget();
    }

    @AfterEach
    void stop() {
        latch.countDown();
        gateway.close();
        origin.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aGibibyteGoesUp(boolean chunked) {
        long before = gateway.residentBytes();
        try (RawClient client = client()) {
            String framing = chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + GIB;
            client.send("POST /up HTTP/1.1\r\nHost: x\r\n" + framing + "\r\n\r\n");
            RawResponse response = (chunked ? client.sendPatternChunked(GIB) : client.sendPattern(GIB)).readResponse();
            assertThat(response.status()).isEqualTo(200);
        }
        ReceivedRequest received = origin.onlyRequest();
        assertThat(received.bodyLength()).isEqualTo(GIB);
        assertThat(received.bodyCrc32()).isEqualTo(CRC_OF_A_GIB);
        assertThat(received.headers().has("Transfer-Encoding")).isEqualTo(chunked);
        assertFlat("1 GiB up, " + (chunked ? "chunked" : "content-length"), before);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aGibibyteComesDown(boolean chunked) {
        origin.on("/down", chunked ? Behaviours.streamChunked(GIB) : Behaviours.stream(GIB));
        long before = gateway.residentBytes();
        try (RawClient client = client()) {
            RawResponse response =
                    client.send("GET /down HTTP/1.1\r\nHost: x\r\n\r\n").readResponse();
            assertThat(response.bodyLength()).isEqualTo(GIB);
            assertThat(response.bodyCrc32()).isEqualTo(CRC_OF_A_GIB);
            assertThat(response.headers().has("Transfer-Encoding")).isEqualTo(chunked);
        }
        assertFlat("1 GiB down, " + (chunked ? "chunked" : "content-length"), before);
    }

    private void assertFlat(String what, long before) {
        long peak = gateway.peakResidentBytes();
        System.out.printf(
                "large body: %s: %d MiB resident before, %d MiB at the peak%n", what, before / MIB, peak / MIB);
        assertThat(peak - before).as(what).isLessThan(GROWTH);
        assertThat(gateway.isAlive()).isTrue();
    }

    @Test
    void clientsThatStopReadingStopTheOrigin() {
        origin.on("/down", endless());
        List<RawClient> clients = new ArrayList<>();
        long before = gateway.residentBytes();
        try {
            for (int i = 0; i < STALLED; i++) {
                RawClient client = client().send("GET /down HTTP/1.1\r\nHost: x\r\n\r\n");
                clients.add(client);
                assertThat(client.readHead()).startsWith("HTTP/1.1 200");
            }
            assertStalled("clients that do not read", before);
        } finally {
            clients.forEach(RawClient::reset);
        }
    }

    /** Sends until the connection breaks, and counts. */
    private Behaviour endless() {
        return exchange -> {
            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: " + (1L << 40) + "\r\n\r\n");
            OutputStream out = exchange.out();
            while (true) {
                out.write(BLOCK);
                sent.addAndGet(BLOCK.length);
            }
        };
    }

    @Test
    void anOriginThatStopsReadingStopsTheClients() throws Exception {
        origin.on("/up", Behaviours.stallUntil(latch, Behaviours.hello()));
        long each = 64 * MIB;
        ExecutorService senders = Executors.newFixedThreadPool(STALLED);
        List<Future<Integer>> answers = new ArrayList<>();
        long before = gateway.residentBytes();
        try {
            for (int i = 0; i < STALLED; i++) {
                answers.add(senders.submit(() -> upload(each)));
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> origin.requests().size() == STALLED);
            assertStalled("an origin that does not read", before);
            latch.countDown();
            for (Future<Integer> answer : answers) {
                assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo(200);
            }
        } finally {
            senders.shutdownNow();
        }
        assertThat(origin.requests())
                .allMatch(request -> request.awaitFinished().bodyLength() == each);
    }

    private int upload(long count) {
        try (RawClient client = client()) {
            client.send("POST /up HTTP/1.1\r\nHost: x\r\nContent-Length: " + count + "\r\n\r\n");
            for (long left = count; left > 0; left -= BLOCK.length) {
                client.send(BLOCK);
                sent.addAndGet(BLOCK.length);
            }
            return client.readResponse("POST").status();
        }
    }

    private void assertStalled(String what, long before) {
        long[] last = {-1};
        // Nothing more for as long as it takes to look three times: the kernel's buffers are full and nobody reads on.
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(100))
                .during(Duration.ofSeconds(1))
                .until(() -> {
                    long now = sent.get();
                    boolean same = now == last[0];
                    last[0] = now;
                    return same;
                });
        long direct = (long) gateway.metrics().sum("esper_direct_memory_bytes");
        long peak = gateway.peakResidentBytes();
        System.out.printf(
                "back-pressure: %d x %s: %d MiB sent, %d MiB direct memory, %d MiB resident before, %d MiB at the peak%n",
                STALLED, what, sent.get() / MIB, direct / MIB, before / MIB, peak / MIB);
        assertThat(sent.get()).isPositive().isLessThan(STALLED * ON_THE_WAY);
        assertThat(direct).isLessThan(16 * MIB);
        assertThat(peak - before).isLessThan(GROWTH);
    }

    private RawClient client() {
        return RawClient.connect(gateway.port()).readTimeout(Duration.ofSeconds(60));
    }
}
