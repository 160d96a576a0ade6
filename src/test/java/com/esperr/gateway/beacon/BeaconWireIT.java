package com.esperr.gateway.beacon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.EsperCall;
import com.esperr.gateway.testkit.EsperReply;
import com.esperr.gateway.testkit.Fault;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import com.esperr.gateway.testkit.TlsTunnel;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The beacon and Esper on real sockets: the contract's third section, and every way in which a call can fail. */
class BeaconWireIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BATCH_PATH = "/api/v1/beacon/events";
    /** What is an answer to an event although it would be none to a question. */
    private static final Set<Fault> ANSWERS = EnumSet.of(
            Fault.EXTRA_RESPONSE,
            Fault.EMPTY_BODY,
            Fault.UNKNOWN_ACTION,
            Fault.WRONG_TYPES,
            Fault.CHALLENGE_WITHOUT_URL,
            Fault.CHALLENGE_FOREIGN_HOST,
            Fault.CHALLENGE_BAD_SCHEME);

    private static final Set<Fault> REFUSALS = EnumSet.of(Fault.STATUS_403, Fault.STATUS_404);

    private final TestEsper esper = TestEsper.start();
    private final TestOrigin origin = TestOrigin.start();
    private final Map<String, String> config = new HashMap<>();

    @TempDir
    private Path directory;

    BeaconWireIT() {
        config.put("origin.url", origin.url());
        config.put("esper.api-url", esper.url());
        config.put("esper.api-key", TestEsper.API_KEY);
        config.put("esper.tenant-id", Configured.TENANT);
        config.put("esper.source", "edge-gw-eu");
        config.put("beacon.mode", "on");
        config.put("beacon.call-timeout", "10s");
        config.put("beacon.unauthorized-pause", "50ms");
        config.put("beacon.back-off.first", "20ms");
        config.put("beacon.back-off.longest", "100ms");
    }

    @AfterEach
    void stop() {
        esper.close();
        origin.close();
    }

    private TestGateway start() {
        config.put("beacon.spool.directory", directory.resolve("spool").toString());
        return TestGateway.start(config);
    }

    private static void get(TestGateway gateway, int from, int to) {
        for (int i = from; i < to; i++) {
            RawClient.exchange(gateway.port(), "GET /" + i + " HTTP/1.1\r\nHost: shop.test\r\n\r\n");
        }
    }

    private static List<String> paths(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "/" + i).toList();
    }

    private static void settled(TestGateway gateway, int events) {
        await().until(() ->
                gateway.metric("esper_beacon_sent_total") + gateway.metric("esper_beacon_dead_letters_total")
                        == events);
        await().until(() -> gateway.metric("esper_beacon_spool_events") == 0);
    }

    /** The paths of the events in the order of the spool, which is the one in which they were finished. */
    private static List<String> spooled(TestGateway gateway) {
        return RawClient.exchange(
                        gateway.adminPort(), "GET /beacon/tail?limit=1000 HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .bodyText()
                .lines()
                .map(line -> line.replaceAll(".*\"path\":\"([^\"]*)\".*", "$1"))
                .toList();
    }

    private List<JsonNode> deadLetters(String file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(directory.resolve("spool").resolve(file))) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    @Test
    void anEventIsWhatTheContractSaysAndNothingElse() throws IOException {
        config.put("beacon.outcome", "false");
        try (TestGateway gateway = TestGateway.start(
                "beacon.fields { email = \"query_param[email]\", account = \"cookie[account] | as-is\", "
                        + "nobody = \"request_header[x-nobody]\" }",
                with("beacon.spool.directory", directory.resolve("s").toString()))) {
            RawClient.exchange(
                    gateway.port(),
                    "POST /signin?email=a@shop.test&x=1 HTTP/1.1\r\nHost: shop.test\r\nUser-Agent: curl/8.7.1\r\n"
                            + "Cookie: account=c-77; sid=s\r\nContent-Length: 2\r\n\r\nhi");
            settled(gateway, 1);
        }
        EsperCall call = esper.beaconCalls().get(0);
        assertThat(call.text("/observed_at")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(call.text("/idempotency_key")).matches("[0-9a-f-]{36}");
        assertThat(call.json())
                .isEqualTo(
                        JSON.readTree(
                                "{\"tenant_id\":\"" + Configured.TENANT
                                        + "\",\"source\":\"edge-gw-eu\",\"observed_at\":\"" + call.text("/observed_at")
                                        + "\",\"idempotency_key\":\"" + call.text("/idempotency_key")
                                        + "\",\"request\":{\"method\":\"POST\",\"path\":\"/signin\",\"client_ip\":\"127.0.0.1\","
                                        + "\"user_agent\":\"curl/8.7.1\"},\"fields\":{\"email\":\"a@shop.test\",\"account\":\"c-77\"}}"));
        assertThat(call.request().header("x-esper-api-key")).isEqualTo(TestEsper.API_KEY);
        assertThat(esper.violations()).isEmpty();
    }

    private Map<String, String> with(String key, String value) {
        config.put(key, value);
        return config;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"item_id\":\"0b9f\",\"lookup_entity_id\":\"77\",\"active_mitigation\":{\"decision\":\"Block\"}}",
                "{\"item_id\":7,\"lookup_entity_id\":{\"a\":[null]},\"active_mitigation\":null}",
                "{\"item_id\":null,\"more\":\"to come\"}",
                "{\"active_mitigation\":{\"decision\":\"something new\"}}",
                ""
            })
    void anAnswerIsTakenWhateverItsIdsAre(String body) {
        esper.answerBeacon(json -> EsperReply.json(body));
        try (TestGateway gateway = start()) {
            get(gateway, 0, 3);
            settled(gateway, 3);
            assertThat(gateway.metric("esper_beacon_failures_total")).isZero();
        }
        assertThat(esper.beaconCalls()).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "REFUSED")
    void whateverHappensToACallAnEventIsTakenOnceOrPutAside(Fault fault) {
        esper.inject(fault, TestEsper.replyLength() / 2, 2);
        if (fault.isSlow()) {
            config.put("beacon.call-timeout", "500ms");
        }
        try (TestGateway gateway = start()) {
            get(gateway, 0, 1);
            settled(gateway, 1);
            boolean refused = REFUSALS.contains(fault);
            assertThat(gateway.metric("esper_beacon_dead_letters_total")).isEqualTo(refused ? 1 : 0);
            boolean once = refused || ANSWERS.contains(fault);
            // A slow machine may add a time-out of its own to those that are caused.
            int most = fault.isSlow() ? 10 : 2;
            assertThat(gateway.metric("esper_beacon_failures_total")).isBetween(once ? 0.0 : 2.0, once ? 0.0 : most);
            assertThat(esper.beaconCalls()).hasSizeBetween(once ? 1 : 3, once ? 1 : most + 1);
        }
        assertThat(esper.beaconCalls().stream()
                        .map(call -> call.request().bodyText())
                        .distinct())
                .hasSize(1);
        assertThat(esper.redirectsFollowed()).isZero();
        assertThat(esper.violations()).isEmpty();
    }

    @Test
    void severalAreSentAtOnceWhereThereIsAPathForIt() {
        config.put("beacon.batch-path", BATCH_PATH);
        config.put("beacon.batch-events", "8");
        List<String> order = new ArrayList<>();
        config.put("beacon.concurrency", "1");
        esper.inject(Fault.REFUSED);
        try (TestGateway gateway = start()) {
            get(gateway, 0, 30);
            await().until(() -> gateway.metric("esper_beacon_spooled_total") == 30);
            order.addAll(spooled(gateway));
            esper.heal();
            settled(gateway, 30);
        }
        assertThat(esper.batchCalls()).isNotEmpty();
        List<String> received = new ArrayList<>();
        for (EsperCall call : esper.calls()) {
            JsonNode events = call.json().path("events");
            assertThat(events.size()).isLessThanOrEqualTo(8);
            Iterable<JsonNode> each = events.isMissingNode() ? List.of(call.json()) : events;
            each.forEach(event -> received.add(event.at("/request/path").asText()));
        }
        assertThat(received).isEqualTo(order).containsExactlyInAnyOrderElementsOf(paths(0, 30));
        assertThat(esper.violations()).isEmpty();
    }

    @Test
    void ofABatchTheRefusedArePutAsideAndTheForgottenAreSentAgain() throws IOException {
        config.put("beacon.batch-path", BATCH_PATH);
        config.put("beacon.concurrency", "1");
        Set<String> taken = new HashSet<>();
        esper.answerBeacon(json -> {
            String path = json.at("/request/path").asText();
            return path.equals("/1") || !taken.add(path) ? EsperReply.status(422) : EsperReply.json("{}");
        });
        // Answers for the first half only, of which it refuses the second event.
        esper.answerBatch(json -> {
            List<String> results = new ArrayList<>();
            for (int i = 0; i < json.path("events").size() / 2; i++) {
                String path = json.at("/events/" + i + "/request/path").asText();
                boolean bad = path.equals("/1");
                results.add(bad ? "{\"status\":422,\"error\":{\"code\":\"invalid\",\"field\":\"x\"}}" : "{}");
                if (!bad) {
                    taken.add(path);
                }
            }
            return EsperReply.json("{\"results\":[" + String.join(",", results) + "]}");
        });
        esper.inject(Fault.REFUSED);
        try (TestGateway gateway = start()) {
            get(gateway, 0, 10);
            await().until(() -> gateway.metric("esper_beacon_spooled_total") == 10);
            esper.heal();
            settled(gateway, 10);
            assertThat(gateway.metric("esper_beacon_dead_letters_total")).isEqualTo(1);
        }
        Set<String> expected = new HashSet<>(paths(0, 10));
        expected.remove("/1");
        assertThat(taken).isEqualTo(expected);
        assertThat(esper.batchCalls()).isNotEmpty();
        assertThat(deadLetters("dead-letters.jsonl")).singleElement().satisfies(line -> {
            assertThat(line.path("status").asInt()).isEqualTo(422);
            assertThat(line.path("answer").asText()).contains("\"code\":");
            assertThat(line.at("/event/request/path").asText()).isEqualTo("/1");
        });
    }

    @Test
    void deadLettersAreLinesOfJsonInTwoFilesOfBoundedSize() throws IOException {
        config.put("beacon.dead-letter-bytes", "4096");
        esper.answerBeacon(json -> EsperReply.status(400));
        try (TestGateway gateway = start()) {
            get(gateway, 0, 60);
            settled(gateway, 60);
            assertThat(gateway.metric("esper_beacon_dead_letters_total")).isEqualTo(60);
        }
        List<JsonNode> kept = Stream.concat(
                        deadLetters("dead-letters.old.jsonl").stream(), deadLetters("dead-letters.jsonl").stream())
                .toList();
        assertThat(kept)
                .hasSizeBetween(8, 30)
                .allMatch(line -> line.path("status").asInt() == 400);
        try (Stream<Path> files = Files.list(directory.resolve("spool"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".jsonl")))
                    .hasSize(2)
                    .allMatch(file -> file.toFile().length() <= 4096);
        }
        assertThat(esper.beaconCalls()).hasSize(60);
    }

    @Test
    void aFileOfDeadLettersThatCannotBeWrittenStandsInNobodysWay() throws IOException {
        Files.createDirectories(directory.resolve("spool").resolve("dead-letters.jsonl"));
        esper.answerBeacon(json -> json.at("/request/path").asText().equals("/1")
                ? EsperReply.status(400)
                : EsperReply.json("{\"item_id\":\"x\"}"));
        try (TestGateway gateway = start()) {
            get(gateway, 0, 5);
            await().until(() -> gateway.metric("esper_beacon_sent_total") == 4);
            await().until(() -> gateway.metric("esper_beacon_dropped_total{reason=\"dead_letters_failed\"}") == 1);
            await().until(() -> gateway.metric("esper_beacon_spool_events") == 0);
            assertThat(gateway.metric("esper_beacon_dead_letters_total")).isZero();
        }
        assertThat(esper.beaconCalls()).hasSize(5);
    }

    @Test
    void whatARestartFindsOnDiskIsSentInOrderAndEachOnce() {
        config.put("beacon.concurrency", "1");
        esper.inject(Fault.REFUSED);
        List<String> order = List.of();
        for (int life = 0; life < 3; life++) {
            try (TestGateway gateway = start()) {
                get(gateway, 20 * life, 20 * life + 20);
                int expected = 20 * life + 20;
                await().until(() -> gateway.metric("esper_beacon_spooled_total") == expected);
                order = spooled(gateway);
            }
        }
        esper.heal();
        try (TestGateway gateway = start()) {
            settled(gateway, 60);
        }
        assertThat(esper.beaconCalls().stream().map(call -> call.text("/request/path")))
                .containsExactlyElementsOf(order)
                .containsExactlyInAnyOrderElementsOf(paths(0, 60));
    }

    @Test
    void eventsGoOverTlsToAnAuthorityThatIsConfiguredAndToNoOther() {
        try (TlsTunnel tunnel = TlsTunnel.to(esper.port())) {
            config.put("esper.api-url", tunnel.url());
            try (TestGateway gateway = start()) {
                get(gateway, 0, 1);
                await().until(() -> gateway.metric("esper_beacon_failures_total") > 0);
                assertThat(esper.calls()).isEmpty();
            }
            config.put(
                    "esper.ca-file",
                    tunnel.authority(directory.resolve("ca.pem")).toString());
            try (TestGateway gateway = start()) {
                get(gateway, 1, 5);
                settled(gateway, 5);
                assertThat(tunnel.shaken()).isPositive();
            }
            assertThat(esper.beaconCalls()).hasSize(5);
            assertThat(esper.violations()).isEmpty();
        }
    }
}
