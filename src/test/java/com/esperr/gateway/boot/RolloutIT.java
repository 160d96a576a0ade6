package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestGateway;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** New policies of a running gateway that are rolled out under load: bad ones go back by themselves, good ones come into force. */
class RolloutIT extends ChallengeScene {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int HOLDERS = 12;
    private static final int STRANGERS = 40;
    private static final String DOOR =
            "{ policy_id = door, clauses = [ { match { field = request_path, operator = Eq, value = /door }, mitigation = challenge } ] }";
    private static final String EVERYBODY =
            "{ policy_id = everybody, clauses = [ { mitigation = challenge, lifetime = 1h } ] }";
    private static final String ATTACK =
            "{ policy_id = attack, clauses = [ { match { field = request_path, operator = Eq, value = /attack }, mitigation = block } ] }";

    @TempDir
    private Path directory;

    private Path next;

    @BeforeEach
    void files() throws IOException {
        next = directory.resolve("next.conf");
        write("policies.conf", DOOR);
        write("next.conf", DOOR);
    }

    private Path write(String name, String... policies) throws IOException {
        Path made = Files.writeString(directory.resolve("made"), "policies = [ " + String.join("\n", policies) + " ]");
        return Files.move(made, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private TestGateway rolling(String stages, String... more) {
        List<String> keys = new ArrayList<>(List.of(
                "mode",
                "local",
                "policies.path",
                directory.resolve("policies.conf").toString(),
                "policies.reload-interval",
                "50ms",
                "challenge.url",
                esper.url() + "/c?back={return_url}",
                "rollout.path",
                next.toString(),
                "rollout.stages",
                stages,
                "rollout.duration",
                "0s",
                "rollout.bounds.sample",
                "50",
                "log.audit",
                directory.resolve("audit.log").toString()));
        keys.addAll(List.of(more));
        return gateway(keys.toArray(String[]::new));
    }

    private static JsonNode rollout(TestGateway gateway) throws IOException {
        return JSON.readTree(operator(gateway, "GET", "/rollout").bodyText());
    }

    private static RawResponse operator(TestGateway gateway, String method, String target) {
        return RawClient.exchange(
                gateway.adminPort(),
                method + " " + target
                        + " HTTP/1.1\r\nHost: localhost\r\nX-Esper-Operator: anna\r\nContent-Length: 0\r\n\r\n");
    }

    private static void awaitState(TestGateway gateway, String state) {
        await().atMost(LONG).until(() -> rollout(gateway).path("state").asText().equals(state));
    }

    private static Browser stranger(TestGateway gateway, int number) {
        return Browser.at(gateway.port()).with("Firefox", "198.51.100." + (number + 1));
    }

    private List<Browser> holders(TestGateway gateway) {
        List<Browser> holders = new ArrayList<>();
        for (int i = 0; i < HOLDERS; i++) {
            Browser holder = Browser.at(gateway.port()).with("Firefox", "203.0.113." + (i + 1));
            assertAdmitted(holder.visit("/?" + PROOF + "=good-" + i), "/");
            holders.add(holder);
        }
        return holders;
    }

    /** Visitors who come again and again; confined to the threads that it starts. */
    private static final class Load implements AutoCloseable {
        private final List<Thread> threads = new ArrayList<>();
        private final ConcurrentLinkedQueue<String> refused = new ConcurrentLinkedQueue<>();
        private final AtomicLong served = new AtomicLong();
        private volatile boolean closed;

        Load(List<Browser> visitors, String path) {
            for (int i = 0; i < 2; i++) {
                int first = i;
                Thread thread = new Thread(() -> {
                    for (int at = first; !closed; at = (at + 2) % visitors.size()) {
                        visit(visitors.get(at), path);
                    }
                });
                thread.setDaemon(true);
                thread.start();
                threads.add(thread);
            }
        }

        private void visit(Browser visitor, String path) {
            try {
                RawResponse response = visitor.visit(path);
                if (response.status() == 200) {
                    served.incrementAndGet();
                } else {
                    refused.add(response.toString());
                }
            } catch (RuntimeException | AssertionError failed) {
                refused.add(failed.toString());
            }
        }

        @Override
        public void close() {
            closed = true;
            for (Thread thread : threads) {
                try {
                    thread.join(LONG.toMillis());
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    @Test
    void policiesThatChallengePassHoldersGoBackByThemselvesWhileVisitorsAreServed() throws IOException {
        try (TestGateway gateway = rolling("50%", "rollout.requests", "1000000")) {
            List<Browser> holders = holders(gateway);
            assertThat(rollout(gateway).path("state").asText()).isEqualTo("none");
            try (Load load = new Load(holders, "/page")) {
                await().atMost(LONG).until(() -> load.served.get() > 50);
                write("next.conf", DOOR, EVERYBODY);
                awaitState(gateway, "rolled-back");
                long then = load.served.get();
                await().atMost(LONG).until(() -> load.served.get() > then + 50);
                load.close();
                assertThat(load.refused).isEmpty();
            }
            JsonNode told = rollout(gateway);
            assertThat(told.path("reason").asText()).startsWith("pass holders challenged or blocked: ");
            assertThat(told.path("share").asText()).isEqualTo("0 %");
            for (int i = 0; i < STRANGERS; i++) {
                assertThat(stranger(gateway, i).visit("/page").status()).isEqualTo(200);
            }
            assertChallenged(stranger(gateway, 0).visit("/door"));
            assertThat(gateway.metrics().sum("esper_rollout_ends_total", "result=rolled-back"))
                    .isEqualTo(1);
            assertThat(gateway.metrics().sum("esper_rollout_state", "state=rolled-back"))
                    .isEqualTo(1);
            assertThat(gateway.metrics().sum("esper_rollout_share")).isZero();
            assertThat(Files.readString(directory.resolve("audit.log")))
                    .contains("\"what\":\"rolled-back\"")
                    .contains("\"what\":\"stage 0\"");

            assertThat(operator(gateway, "POST", "/reload").status()).isEqualTo(200);
            assertThat(rollout(gateway).path("state").asText()).isEqualTo("rolled-back");
        }
    }

    @Test
    void goodPoliciesComeToEverybodyStageByStageAndAReloadKeepsThem() throws IOException {
        write("next.conf", DOOR, ATTACK);
        try (TestGateway gateway = rolling("0%, 50%", "rollout.requests", "40")) {
            List<Browser> visitors = new ArrayList<>(holders(gateway));
            for (int i = 0; i < STRANGERS; i++) {
                visitors.add(stranger(gateway, i));
            }
            try (Load load = new Load(visitors, "/page")) {
                awaitState(gateway, "promoted");
                load.close();
                assertThat(load.refused).isEmpty();
            }
            assertThat(Files.readString(directory.resolve("audit.log")))
                    .containsSubsequence("\"stage 0\"", "\"stage 1\"", "\"stage 2\"", "\"promoted\"");
            String hash = rollout(gateway).path("after").asText();
            for (int i = 0; i < STRANGERS; i++) {
                assertThat(stranger(gateway, i).visit("/attack").status()).isEqualTo(403);
            }
            assertThat(operator(gateway, "POST", "/reload").status()).isEqualTo(200);
            assertThat(stranger(gateway, 0).visit("/attack").status()).isEqualTo(403);
            assertThat(operator(gateway, "GET", "/policies").bodyText()).contains(hash, "attack");

            write("policies.conf", DOOR, ATTACK);
            awaitState(gateway, "none");
            assertThat(stranger(gateway, 0).visit("/attack").status()).isEqualTo(403);
        }
    }

    @Test
    void aVisitorAlwaysMeetsTheSamePoliciesAndIsToldOfThose() throws IOException {
        write("next.conf", DOOR, ATTACK);
        try (TestGateway gateway = rolling("50%", "rollout.requests", "1000000")) {
            int blocked = 0;
            for (int i = 0; i < STRANGERS; i++) {
                RawResponse first = stranger(gateway, i).visit("/attack");
                for (int again = 0; again < 3; again++) {
                    assertThat(stranger(gateway, i).visit("/attack").status()).isEqualTo(first.status());
                }
                if (first.status() == 403) {
                    blocked++;
                    JsonNode told =
                            JSON.readTree(operator(gateway, "GET", "/explain/" + first.header("esper-reference"))
                                    .bodyText());
                    assertThat(told.at("/policies/hash"))
                            .isEqualTo(rollout(gateway).path("after"));
                    assertThat(told.at("/policies/note").isMissingNode()).isTrue();
                }
            }
            assertThat(blocked).isBetween(1, STRANGERS - 1);
        }
    }

    @Test
    void whatOnlyComparesChangesNothingAndSaysWhatItWouldUntilAnOperatorGoesOn() throws IOException {
        write("next.conf", DOOR, ATTACK);
        try (TestGateway gateway = rolling("0%", "rollout.requests", "1000000")) {
            RawResponse seen = stranger(gateway, 1).visit("/attack");
            assertThat(seen.status()).isEqualTo(200);
            JsonNode difference = rollout(gateway).at("/differences/allow -> block");
            assertThat(difference.path("count").asInt()).isEqualTo(1);
            assertThat(difference.path("samples").get(0).asText()).contains("GET /attack attack/");
            assertThat(operator(gateway, "POST", "/rollout?order=sideways").status())
                    .isEqualTo(422);
            assertThat(operator(gateway, "POST", "/rollout?order=next").status())
                    .isEqualTo(200);
            assertThat(stranger(gateway, 1).visit("/attack").status()).isEqualTo(403);
            assertThat(operator(gateway, "DELETE", "/rollout").status()).isEqualTo(200);
            assertThat(stranger(gateway, 1).visit("/attack").status()).isEqualTo(200);
            assertThat(operator(gateway, "POST", "/rollout?order=next").status())
                    .isEqualTo(409);
            assertThat(Files.readString(directory.resolve("audit.log"))).contains("\"by\":\"anna\"", "\"aborted\"");
        }
    }
}
