package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Certificates;
import com.esperr.gateway.testkit.EsperCall;
import com.esperr.gateway.testkit.EsperReply;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TlsTunnel;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that asks Esper, and is told while it runs of another key, another address, another way of asking. */
class EsperReloadIT {
    private static final String NEW_KEY = "test-key-second";

    @TempDir
    private Path directory;

    private static String cloud(String key, String more) {
        return "mode = cloud\nesper { api-key = " + key + ", tenant-id = t, breaker.failures = 1000000 }\n" + more;
    }

    private static String key(EsperCall call) {
        return call.request().headers().first("x-esper-api-key");
    }

    private static EsperCall last(TestEsper esper) {
        List<EsperCall> calls = esper.decisionCalls();
        return calls.get(calls.size() - 1);
    }

    @Test
    void aNewKeyIsShownToEsperFromTheNextRequestOnAndNoRequestFails() {
        try (ReloadScene scene = new ReloadScene(directory, cloud(TestEsper.API_KEY, ""))) {
            scene.esper().takeKeys(TestEsper.API_KEY, NEW_KEY);
            scene.change(cloud(NEW_KEY, ""));
            scene.get("/after");
            EsperCall call = scene.esper().decisionCalls().stream()
                    .filter(asked -> asked.text("/request/path").equals("/after"))
                    .findFirst()
                    .orElseThrow();
            assertThat(key(call)).isEqualTo(NEW_KEY);
            scene.esper().takeKeys(NEW_KEY);
            scene.passTime(50);
            assertThat(scene.esper().unauthorized()).isZero();
            double counted = scene.gateway().metrics().sum("esper_decision_answers_total");
            // But for those that were under way.
            assertThat(counted).isGreaterThanOrEqualTo(40);
            scene.finish();
        }
    }

    @Test
    void anAuthorityThatWasReplacedInItsFileIsTrustedFromTheReloadOn() throws IOException {
        Path trusted = directory.resolve("ca.pem");
        try (TestEsper esper = TestEsper.start();
                TlsTunnel tunnel = TlsTunnel.to(URI.create(esper.url()).getPort())) {
            Certificates.root(Certificates.authority(), trusted);
            String keys = cloud(
                    TestEsper.API_KEY,
                    "esper.api-url = \"" + tunnel.url() + "\"\nesper.ca-file = \"" + trusted + "\"\n");
            try (ReloadScene scene = new ReloadScene(directory, keys)) {
                scene.passTime(5);
                assertThat(esper.decisionCalls()).isEmpty();
                tunnel.authority(trusted);
                assertThat(scene.reload(keys).get("result").asText()).isEqualTo("ok");
                scene.get("/after");
                assertThat(esper.decisionCalls())
                        .anyMatch(call -> call.text("/request/path").equals("/after"));
                scene.finish();
            }
        }
    }

    @Test
    void aQuestionThatWasAskedBeforeIsAnsweredBeforeAnythingOfItEnds() {
        CountDownLatch held = new CountDownLatch(1);
        try (ReloadScene scene = new ReloadScene(directory, cloud(TestEsper.API_KEY, "decision.timeout = 50s\n"))) {
            scene.esper().answer(json -> {
                if (json.at("/request/path").asText().equals("/slow")) {
                    try {
                        held.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return EsperReply.block("d-1");
                }
                return EsperReply.allow();
            });
            scene.esper().takeKeys(TestEsper.API_KEY, NEW_KEY);
            try (RawClient slow = RawClient.connect(scene.gateway().port()).send(ReloadScene.request("/slow"))) {
                await().until(() -> scene.esper().decisionCalls().stream()
                        .anyMatch(call -> call.text("/request/path").equals("/slow")));
                scene.change(cloud(NEW_KEY, "decision.timeout = 50s\n"));
                scene.passTime(10);
                assertThat(key(last(scene.esper()))).isEqualTo(NEW_KEY);
                held.countDown();
                assertThat(slow.readResponse().status()).isEqualTo(403);
            } finally {
                held.countDown();
            }
            scene.finish();
        }
    }

    @Test
    void anotherAddressIsAskedAndTheConnectionsToTheOneBeforeAreClosed() {
        try (ReloadScene scene = new ReloadScene(directory, cloud(TestEsper.API_KEY, ""));
                TestEsper other = TestEsper.start()) {
            other.answer(json ->
                    json.at("/request/path").asText().equals("/shut") ? EsperReply.block("d-1") : EsperReply.allow());
            scene.change(cloud(TestEsper.API_KEY, "esper.api-url = \"" + other.url() + "\"\n"));
            assertThat(scene.get("/shut").status()).isEqualTo(403);
            await().until(() -> scene.esper().connectionsOpen() == 0);
            assertThat(other.violations()).isEmpty();
            scene.finish();
        }
    }

    @Test
    void whatIsWrongIsRefusedAsAWholeAndTheKeyBeforeStaysInForce() {
        try (ReloadScene scene = new ReloadScene(directory, cloud(TestEsper.API_KEY, ""))) {
            scene.refuse(cloud(NEW_KEY, "esper.connect-timeout = never\n"), "esper.connect-timeout: never");
            scene.refuse(cloud(NEW_KEY, "esper.ca-file = \"" + directory.resolve("none.pem") + "\"\n"), "none.pem");
            scene.refuse(cloud("\"\"", ""), "esper.api-key");
            scene.passTime(20);
            assertThat(key(last(scene.esper()))).isEqualTo(TestEsper.API_KEY);
            assertThat(scene.esper().unauthorized()).isZero();
            scene.finish();
        }
    }

    @Test
    void aFileThatChangesNothingOfItMakesNothingAnew() {
        String keys = cloud(TestEsper.API_KEY, "esper.cache { enabled = true, max-age = 1m }\nesper.coalesce = true\n");
        try (ReloadScene scene = new ReloadScene(directory, keys)) {
            assertThat(scene.get("/known").status()).isEqualTo(200);
            scene.change(keys + "limits.connections = 77\n");
            assertThat(scene.get("/known").status()).isEqualTo(200);
            // The answers that were kept still are.
            assertThat(scene.esper().decisionCalls().stream()
                            .filter(call -> call.text("/request/path").equals("/known")))
                    .hasSize(1);
            scene.finish();
        }
    }

    @Test
    void whatNeedsNoCallIsRememberedThroughAChangeOfHowItIsLearned() {
        String hybrid = "mode = hybrid\nhybrid { inputs = [ client_ip, user_agent ], on-miss = ask }\n";
        try (ReloadScene scene =
                new ReloadScene(directory, hybrid + "esper { api-key = " + TestEsper.API_KEY + ", tenant-id = t }\n")) {
            scene.esper()
                    .answer(json -> json.toString().contains("Evil") ? EsperReply.block("d-1") : EsperReply.allow());
            String evil = "GET / HTTP/1.1\r\nHost: shop.test\r\nUser-Agent: Evil\r\n\r\n";
            assertThat(scene.ask(evil).status()).isEqualTo(403);
            scene.esper().takeKeys(TestEsper.API_KEY, NEW_KEY);
            scene.change(hybrid + "hybrid.remember.block = 2h\nesper { api-key = " + NEW_KEY + ", tenant-id = t }\n");
            scene.esper().answer(EsperReply.allow());
            assertThat(scene.ask(evil).status()).isEqualTo(403);
            JsonNode said = scene.reload(hybrid + "hybrid.max-entries = 0\nesper { api-key = x, tenant-id = t }\n");
            assertThat(said.get("problems").toString()).contains("hybrid.max-entries: 0");
            assertThat(scene.ask(evil).status()).isEqualTo(403);
            scene.finish();
        }
    }
}
