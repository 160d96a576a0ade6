package com.esperr.gateway.beacon;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.esper.ApiKey;
import com.esperr.gateway.testkit.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublisherTest {
    private static final int NO_ANSWER = 0;

    private final VirtualTime time = new VirtualTime();
    private final Map<Long, EventAnswer> learned = new TreeMap<>();
    private final List<Settlement> settled = new ArrayList<>();
    private final List<List<Long>> calls = new ArrayList<>();
    private final List<Duration> callTimes = new ArrayList<>();
    private final List<Wire.Reply> open = new ArrayList<>();
    private final Random random = new Random(4711);
    private int underWay;
    private int mostUnderWay;
    private int failures;
    private String retryAfter;
    private String answer = "{}";
    private ToIntFunction<List<Spooled>> service = events -> 200;

    private Publisher publisher(String hocon) {
        return new Publisher(
                Configured.of(hocon),
                new Publisher.Terms(
                        this::call,
                        settled::add,
                        time::in,
                        time::nanos,
                        time::millis,
                        random::nextDouble,
                        new ServiceNotes(ApiKey.NONE, time::nanos),
                        (event, told) -> learned.put(event.sequence(), told),
                        () -> failures++));
    }

    /** Answers a millisecond later, unless the service says that it does not answer. */
    private void call(List<Spooled> events, Wire.Reply reply) {
        calls.add(events.stream().map(Spooled::sequence).toList());
        callTimes.add(time.elapsed());
        underWay++;
        mostUnderWay = Math.max(mostUnderWay, underWay);
        time.in(1_000_000, () -> {
            underWay--;
            int status = service.applyAsInt(events);
            if (status == NO_ANSWER) {
                reply.failed(Wire.Silence.UNANSWERED, "TIMEOUT: waiting for the answer");
            } else {
                reply.answered(status, retryAfter, answer.getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    private static List<Spooled> events(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> new Spooled(i, ("{\"n\":" + i + "}").getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    private List<Long> sent() {
        return settled.stream()
                .filter(one -> one.refusal() == null)
                .map(one -> one.spooled().sequence())
                .toList();
    }

    private static List<Long> range(int from, int to) {
        return LongStream.range(from, to).boxed().toList();
    }

    @Test
    void eventsAreSentInOrderAndSoManyAtOnce() {
        publisher("concurrency = 4").take(events(0, 20));
        assertThat(calls).hasSize(4);
        time.pass(Duration.ofSeconds(1));
        assertThat(sent()).isEqualTo(range(0, 20));
        assertThat(mostUnderWay).isEqualTo(4);
    }

    @Test
    void afterAnHourWithoutAnswersEverythingIsSentOnceAndInOrder() {
        Publisher publisher = publisher("concurrency = 4");
        service = events -> NO_ANSWER;
        for (int i = 0; i < 200; i++) {
            publisher.take(events(i, i + 1));
            time.pass(Duration.ofSeconds(18));
        }
        assertThat(settled).isEmpty();
        assertThat(publisher.isTroubled()).isTrue();
        int tries = calls.size();
        assertThat(tries).isBetween(60, 400);
        calls.clear();
        service = events -> 200;
        time.pass(Duration.ofSeconds(70));
        assertThat(sent()).containsExactlyInAnyOrderElementsOf(range(0, 200)).doesNotHaveDuplicates();
        assertThat(calls.subList(1, calls.size()).stream().map(one -> one.get(0)))
                .isSorted();
        assertThat(publisher.isTroubled()).isFalse();
    }

    @Test
    void whileNobodyIsThereEveryEventKeepsItsPlace() {
        Publisher publisher = publisher("concurrency = 1");
        service = events -> 503;
        for (int i = 0; i < 100; i++) {
            publisher.take(events(i, i + 1));
            time.pass(Duration.ofSeconds(36));
        }
        assertThat(calls).allMatch(range(0, 1)::equals);
        service = events -> 200;
        time.pass(Duration.ofSeconds(70));
        assertThat(sent()).isEqualTo(range(0, 100));
    }

    @Test
    void theWaitGrowsToItsBoundAndIsRandom() {
        service = events -> 503;
        publisher("concurrency = 1, back-off { first = 1s, longest = 60s }").take(events(0, 1));
        time.pass(Duration.ofHours(2));
        List<Duration> waits = IntStream.range(1, callTimes.size())
                .mapToObj(i -> callTimes.get(i).minus(callTimes.get(i - 1)))
                .toList();
        assertThat(waits.get(0)).isLessThanOrEqualTo(Duration.ofMillis(1002));
        assertThat(waits).allMatch(wait -> wait.compareTo(Duration.ofMillis(60_002)) <= 0);
        assertThat(waits.stream().mapToLong(Duration::toMillis).average().orElseThrow())
                .isBetween(20_000.0, 40_000.0);
        assertThat(waits).doesNotHaveDuplicates();
    }

    @Test
    void anEventThatMakesTheServiceFailDoesNotStopTheOthers() {
        service = events -> events.get(0).sequence() == 3 ? 500 : 200;
        publisher("concurrency = 4").take(events(0, 100));
        time.pass(Duration.ofMinutes(30));
        assertThat(sent()).hasSize(99).doesNotContain(3L);
        service = events -> 200;
        time.pass(Duration.ofMinutes(5));
        assertThat(sent()).contains(3L);
    }

    @Test
    void aLoneEventThatMakesTheServiceFailLetsNewOnesPass() {
        service = events -> events.get(0).sequence() == 0 ? 500 : 200;
        Publisher publisher = publisher("concurrency = 4");
        publisher.take(events(0, 1));
        time.pass(Duration.ofMinutes(20));
        publisher.take(events(1, 50));
        time.pass(Duration.ofMinutes(10));
        assertThat(sent()).isEqualTo(range(1, 50));
    }

    @Test
    void aRefusedEventIsPutAsideAndNeverSentAgain() {
        service = events -> {
            boolean bad = events.get(0).sequence() == 1;
            answer = bad ? "{\"error\":\"no\u0007\"}" : "{}";
            return bad ? 422 : 200;
        };
        publisher("concurrency = 2").take(events(0, 3));
        time.pass(Duration.ofHours(1));
        assertThat(calls).hasSize(3);
        assertThat(settled)
                .filteredOn(one -> one.refusal() != null)
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.spooled().sequence()).isEqualTo(1);
                    assertThat(one.refusal()).isEqualTo(new Settlement.Refusal(422, "{\"error\":\"no.\"}"));
                });
    }

    @Test
    void aRefusedKeyPausesEverythingAndLosesNothing() {
        service = events -> 401;
        publisher("concurrency = 4, unauthorized-pause = 60s").take(events(0, 10));
        time.pass(Duration.ofMinutes(10));
        assertThat(calls).hasSizeBetween(10, 15);
        service = events -> 200;
        time.pass(Duration.ofSeconds(61));
        assertThat(sent()).containsExactlyInAnyOrderElementsOf(range(0, 10));
    }

    @Test
    void retryAfterIsHonoured() {
        service = events -> 429;
        retryAfter = "30";
        publisher("concurrency = 1").take(events(0, 1));
        time.pass(Duration.ofSeconds(29));
        assertThat(calls).hasSize(1);
        service = events -> 200;
        time.pass(Duration.ofSeconds(2));
        assertThat(callTimes.get(1)).isEqualTo(Duration.ofMillis(30_001));
        assertThat(sent()).isEqualTo(range(0, 1));
    }

    @Test
    void eventsAreBatchedWhereThereIsAPathForIt() {
        publisher("concurrency = 1, batch-path = \"/api/v1/beacon/events\", batch-events = 8")
                .take(events(0, 20));
        time.pass(Duration.ofSeconds(1));
        assertThat(calls).containsExactly(range(0, 8), range(8, 16), range(16, 20));
        assertThat(sent()).isEqualTo(range(0, 20));
    }

    @Test
    void oneOfABatchThatIsRefusedIsFoundAndPutAside() {
        service = events -> events.stream().anyMatch(event -> event.sequence() == 2) ? 400 : 200;
        publisher("concurrency = 1, batch-path = \"/batch\", batch-events = 4").take(events(0, 8));
        time.pass(Duration.ofSeconds(1));
        assertThat(sent()).containsExactlyInAnyOrder(0L, 1L, 3L, 4L, 5L, 6L, 7L);
        assertThat(settled).hasSize(8);
    }

    @Test
    void anAnswerMayRefuseSomeOfABatch() {
        answer = "{\"results\":[{\"item_id\":\"a\"},{\"error\":{\"code\":\"bad\"}}]}";
        publisher("batch-path = \"/batch\"").take(events(0, 2));
        time.pass(Duration.ofSeconds(1));
        assertThat(sent()).isEqualTo(range(0, 1));
        assertThat(settled).hasSize(2);
    }

    @Test
    void aStaleConnectionIsNoFailure() {
        Publisher publisher = new Publisher(
                Configured.of("concurrency = 1"),
                new Publisher.Terms(
                        (events, reply) -> open.add(reply),
                        settled::add,
                        time::in,
                        time::nanos,
                        time::millis,
                        random::nextDouble,
                        new ServiceNotes(ApiKey.NONE, time::nanos),
                        (event, told) -> learned.put(event.sequence(), told),
                        () -> failures++));
        publisher.take(events(0, 1));
        open.get(0).failed(Wire.Silence.STALE, "CLOSED");
        assertThat(open).hasSize(2);
        assertThat(failures).isZero();
        open.get(1).answered(201, null, new byte[0]);
        assertThat(sent()).isEqualTo(range(0, 1));
    }

    @Test
    void anEventOfABatchThatWasLeftOutIsSentByItself() {
        answer = "{\"results\":[{\"item_id\":\"a\"},null,{\"item_id\":\"c\"}]}";
        publisher("concurrency = 1, batch-path = \"/batch\"").take(events(0, 5));
        time.pass(Duration.ofMinutes(1));
        assertThat(calls.get(0)).isEqualTo(range(0, 5));
        assertThat(calls.subList(1, calls.size())).containsExactlyInAnyOrder(List.of(1L), List.of(3L), List.of(4L));
        assertThat(sent()).containsExactlyInAnyOrderElementsOf(range(0, 5)).doesNotHaveDuplicates();
    }

    @Test
    void anEventOfABatchThatWasPutOffIsSentAgainAndARefusedOneIsNot() {
        answer = "{\"results\":[{\"status\":503,\"error\":{}},{\"status\":422,\"error\":{\"code\":\"x\"}},{}]}";
        publisher("concurrency = 1, batch-path = \"/batch\"").take(events(0, 3));
        time.pass(Duration.ofMinutes(1));
        assertThat(calls).containsExactly(range(0, 3), range(0, 1));
        assertThat(sent()).containsExactly(2L, 0L);
        assertThat(settled).extracting(Settlement::refusal).contains(new Settlement.Refusal(422, "{\"code\":\"x\"}"));
    }

    @Test
    void anAnswerThatIsNotEspersIsNoAnswer() {
        answer = "<!doctype html><title>Wi-Fi login</title>";
        publisher("concurrency = 4").take(events(0, 3));
        time.pass(Duration.ofMinutes(10));
        assertThat(settled).isEmpty();
        assertThat(failures).isPositive();
        answer = "";
        time.pass(Duration.ofMinutes(2));
        assertThat(sent()).containsExactlyInAnyOrderElementsOf(range(0, 3));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 402, 403, 404, 405, 409, 410, 413, 415, 422, 451, 499})
    void everyFourHundredButThoseAboutTheSenderIsPutAside(int status) {
        service = events -> status;
        publisher("concurrency = 1").take(events(0, 1));
        time.pass(Duration.ofHours(1));
        assertThat(calls).hasSize(1);
        assertThat(settled)
                .singleElement()
                .satisfies(one -> assertThat(one.refusal().status()).isEqualTo(status));
    }

    @ParameterizedTest
    @ValueSource(ints = {199, 300, 301, 302, 304, 307, 401, 408, 429, 500, 502, 503, 504, 599})
    void everythingElseIsSentAgain(int status) {
        service = events -> status;
        publisher("concurrency = 1").take(events(0, 1));
        time.pass(Duration.ofMinutes(5));
        assertThat(calls).hasSizeGreaterThan(2);
        service = events -> 200;
        time.pass(Duration.ofMinutes(3));
        assertThat(sent()).isEqualTo(range(0, 1));
    }

    @Test
    void whatIsToldOfEachVisitorIsLearned() {
        answer =
                "{\"results\":[{\"active_mitigation\":{\"decision\":\"Block\"}},{\"active_mitigation\":null},{\"error\":1}]}";
        publisher("batch-path = \"/batch\"").take(events(0, 3));
        time.pass(Duration.ofSeconds(1));
        assertThat(learned)
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(0L, new EventAnswer(Action.BLOCK, null, null, 0), 1L, EventAnswer.TAKEN));
    }
}
