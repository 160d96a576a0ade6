package com.esperr.gateway.beacon;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.esper.ApiKey;
import com.esperr.gateway.esper.KeyedHash;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Requests;
import com.esperr.gateway.testkit.VirtualTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolWriterTest {
    private static final int KEPT = 1000;
    private static final int SECONDS = 3600;

    @TempDir
    Path directory;

    private final VirtualTime time = new VirtualTime();
    private final MessagePassingQueue<BeaconEvent> queue = new MpscAtomicArrayQueue<>(8192);
    private final Queue<Settlement> settlements = new ArrayDeque<>();
    private final BeaconCounts counts = new BeaconCounts();
    private final List<String> received = new ArrayList<>();
    private boolean away = true;
    private boolean defect;

    private BeaconConfig config() {
        return Configured.of("concurrency = 4, spool { directory = \"" + directory + "\", events = " + KEPT + " }");
    }

    private void call(List<Spooled> events, Wire.Reply reply) {
        time.in(1_000_000, () -> {
            if (away) {
                reply.failed(Wire.Silence.UNSENT, "CONNECT: refused");
            } else {
                received.add(new String(events.get(0).event(), StandardCharsets.UTF_8));
                reply.answered(200, null, new byte[0]);
            }
        });
    }

    private SpoolWriter writer(BeaconConfig config) throws IOException {
        return writer(config, Spool.open(config.spool(), false));
    }

    private SpoolWriter writer(BeaconConfig config, @Nullable Spool spool) {
        Random random = new Random(99);
        Publisher publisher = new Publisher(
                config,
                new Publisher.Terms(
                        this::call,
                        settlements::add,
                        time::in,
                        time::nanos,
                        time::millis,
                        random::nextDouble,
                        new ServiceNotes(ApiKey.NONE, time::nanos),
                        (event, answer) -> {},
                        counts::addFailure));
        Feed feed = new Feed() {
            @Override
            public boolean take(List<Spooled> events) {
                if (defect) {
                    throw new IllegalArgumentException("a defect");
                }
                publisher.take(events);
                return true;
            }

            @Override
            public boolean isFlowing() {
                return !publisher.isTroubled();
            }

            @Override
            public void end() {
                publisher.close();
            }

            @Override
            public boolean isQuiet() {
                return publisher.isQuiet();
            }
        };
        return new SpoolWriter(
                new SpoolWriter.Terms(
                        queue,
                        settlements,
                        new EventWriter(config, Configured.TENANT, new KeyedHash(new byte[] {1})),
                        config.spool(),
                        false,
                        new DeadLetters(directory, 1 << 20),
                        new Tail(),
                        counts,
                        64,
                        0,
                        time::millis),
                spool,
                feed);
    }

    private void pass(SpoolWriter writer, Duration length) {
        time.pass(length);
        writer.cycle(false);
    }

    @Test
    void anHourWithoutEsperCostsTheOldestAndTheRestArrivesInOrderAndOnce() throws IOException {
        BeaconConfig config = config();
        SpoolWriter writer = writer(config);
        List<String> keys = new ArrayList<>();
        for (int second = 0; second < SECONDS; second++) {
            RequestContext request = Requests.get("/" + second).context();
            keys.add(request.idempotencyKey().toString());
            assertThat(queue.offer(Configured.event(config, request))).isTrue();
            if (second % 10 == 9) {
                pass(writer, Duration.ofSeconds(10));
            }
            assertThat(counts.spool().events()).isLessThanOrEqualTo(KEPT);
            // An event is some 350 bytes; the file has older versions of pages besides, and then gives them back.
            assertThat(counts.spool().bytes()).isLessThanOrEqualTo(KEPT * 500L);
            assertThat(counts.spool().fileBytes()).isLessThanOrEqualTo(KEPT * 500L * 2 + (8 << 20));
        }
        assertThat(counts.failures()).isGreaterThan(SECONDS / 60);
        assertThat(received).isEmpty();
        assertThat(counts.spooled()).isEqualTo(SECONDS);
        assertThat(counts.dropped(DropReason.SPOOL_FULL)).isEqualTo(SECONDS - KEPT);
        away = false;
        for (int i = 0; i < 3000; i++) {
            pass(writer, Duration.ofMillis(100));
        }
        assertThat(counts.spool().events()).isZero();
        List<String> kept = keys.subList(SECONDS - KEPT, SECONDS);
        List<String> arrived = received.stream()
                .map(event -> event.replaceAll(".*\"idempotency_key\":\"([^\"]*)\".*", "$1"))
                .toList();
        assertThat(arrived).doesNotHaveDuplicates().containsAll(kept);
        // What was in the publisher's hands when it was dropped from the disk may still arrive, before the others.
        assertThat(arrived.size() - KEPT).isBetween(0, 64);
        assertThat(arrived.subList(arrived.size() - KEPT, arrived.size())).isEqualTo(kept);
    }

    @Test
    void aDefectDelaysEventsAndLosesNone() throws IOException {
        BeaconConfig config = config();
        SpoolWriter writer = writer(config);
        away = false;
        defect = true;
        for (int i = 0; i < 10; i++) {
            assertThat(queue.offer(
                            Configured.event(config, Requests.get("/" + i).context())))
                    .isTrue();
        }
        pass(writer, Duration.ofSeconds(1));
        assertThat(received).isEmpty();
        defect = false;
        for (int i = 0; i < 1000; i++) {
            pass(writer, Duration.ofMillis(20));
        }
        assertThat(received).hasSize(10);
        assertThat(counts.spool().events()).isZero();
    }

    /** On this thread, so that nothing is done before it was told to end. */
    private static void toTheEnd(Runnable writer) {
        writer.run();
    }

    private int fill(BeaconConfig config) {
        BeaconEvent event = Configured.event(config, Requests.get("/").context());
        int count = 0;
        while (queue.offer(event)) {
            count++;
        }
        return count;
    }

    @Test
    void whoeverTakesOverFindsAllThatWaitedOnDisk() throws IOException {
        BeaconConfig config = Configured.of("spool.directory = \"" + directory + "\"");
        int waiting = fill(config);
        assertThat(waiting).isGreaterThan(4096);
        SpoolWriter writer = writer(config);
        writer.handOver(Duration.ofSeconds(60));
        toTheEnd(writer);
        assertThat(counts.spooled()).isEqualTo(waiting);
        try (Spool next = Spool.open(config.spool(), false)) {
            assertThat(next.state().events()).isEqualTo(waiting);
        }
    }

    @Test
    void whoEndsWhileEsperIsAwayHasAllThatWaitedOnDisk() throws IOException {
        BeaconConfig config = Configured.of("spool.directory = \"" + directory + "\"");
        SpoolWriter writer = writer(config);
        int first = 10;
        for (int i = 0; i < first; i++) {
            assertThat(queue.offer(
                            Configured.event(config, Requests.get("/" + i).context())))
                    .isTrue();
        }
        pass(writer, Duration.ofSeconds(1));
        pass(writer, Duration.ofSeconds(1));
        int waiting = fill(config);
        writer.finish(Duration.ofSeconds(60));
        toTheEnd(writer);
        assertThat(counts.spooled()).isEqualTo(first + waiting);
        assertThat(counts.dropped(DropReason.SPOOL_FAILED)).isZero();
    }

    @Test
    void whatTheDiskDoesNotTakeAtTheEndIsCounted() throws IOException {
        BeaconConfig config = config();
        int waiting = fill(config);
        // Nobody else can open it.
        try (Spool other = Spool.open(config.spool(), false)) {
            SpoolWriter writer = writer(config, null);
            writer.handOver(Duration.ZERO);
            toTheEnd(writer);
            assertThat(other.state().events()).isZero();
        }
        assertThat(counts.spooled()).isZero();
        assertThat(counts.dropped(DropReason.SPOOL_FAILED)).isEqualTo(waiting);
    }
}
