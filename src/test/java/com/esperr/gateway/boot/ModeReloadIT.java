package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.EsperReply;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestEsper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway under load for which somebody else decides from one moment on: policies, Esper, what Esper has said before. */
class ModeReloadIT {
    private static final String ESPER = "esper { api-key = " + TestEsper.API_KEY
            + ", tenant-id = t, breaker.failures = 1000000 }\ndecision.timeout = 30s\n";
    private static final String CLOUD = "mode = cloud\n" + ESPER;
    private static final String HYBRID =
            "mode = hybrid\nhybrid { inputs = [ client_ip, user_agent ], on-miss = ask }\n" + ESPER;
    private static final String WATCHING = "mode = monitor\nmonitor.source = cloud\n" + ESPER;

    @TempDir
    private Path directory;

    private String local;

    @BeforeEach
    void policies() throws IOException {
        local = "mode = local\npolicies.path = [ \"" + file("door.conf", """
                policies = [
                  { policy_id = door, clauses = [ { match { field = request_path, operator = Eq, value = /door }, mitigation = block } ] }
                  { policy_id = once, clauses = [ { match { field = request_path, operator = Eq, value = /once },
                    entity = ip-user-agent, mitigation = block, lifetime = 1h } ] } ]
                """) + "\" ]\n";
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static void blocksEvil(ReloadScene scene) {
        scene.esper().answer(json -> json.toString().contains("Evil") ? EsperReply.block("d-1") : EsperReply.allow());
    }

    private static String by(String agent, String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: shop.test\r\nUser-Agent: " + agent + "\r\n\r\n";
    }

    private static RawResponse operator(ReloadScene scene, String path) {
        return RawClient.exchange(scene.gateway().adminPort(), "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    private static void hasPolicies(ReloadScene scene, boolean there) {
        for (String path : new String[] {"/policies", "/mitigations", "/rollout"}) {
            assertThat(operator(scene, path).status()).as(path).isEqualTo(there ? 200 : 404);
            assertThat(operator(scene, "/").bodyText().contains('"' + path + '"'))
                    .as(path)
                    .isEqualTo(there);
        }
        String shown = operator(scene, "/metrics").bodyText();
        assertThat(shown.contains("\nesper_policies ")).isEqualTo(there);
        assertThat(shown.contains("\nesper_rollout_share ")).isEqualTo(there);
    }

    private static String ready(ReloadScene scene) {
        RawResponse said = operator(scene, "/readyz");
        assertThat(said.status()).as(said.bodyText()).isEqualTo(200);
        return said.bodyText();
    }

    @Test
    void eachTakesThePlaceOfTheOtherAndNoRequestFails() {
        try (ReloadScene scene = new ReloadScene(directory, local)) {
            blocksEvil(scene);
            for (int round = 0; round < 3; round++) {
                assertThat(scene.get("/door").status()).isEqualTo(403);
                assertThat(scene.ask(by("Evil", "/")).status()).isEqualTo(200);
                assertThat(ready(scene)).contains("decision:local").doesNotContain("decision:cloud");
                hasPolicies(scene, true);
                scene.change(CLOUD);
                scene.passTime(10);
                assertThat(scene.get("/door").status()).isEqualTo(200);
                assertThat(scene.ask(by("Evil", "/")).status()).isEqualTo(403);
                assertThat(ready(scene)).contains("decision:cloud").doesNotContain("decision:local");
                hasPolicies(scene, false);
                scene.change(HYBRID);
                scene.passTime(10);
                assertThat(scene.ask(by("Evil", "/")).status()).isEqualTo(403);
                scene.esper().answer(EsperReply.allow());
                assertThat(scene.ask(by("Evil", "/")).status()).isEqualTo(403);
                assertThat(scene.gateway().metrics().sum("esper_hybrid_lookups_total", "result=hit"))
                        .isGreaterThan(round);
                blocksEvil(scene);
                scene.change(WATCHING);
                scene.passTime(10);
                assertThat(scene.ask(by("Evil", "/")).status()).isEqualTo(200);
                scene.change(local);
                scene.passTime(10);
            }
            assertThat(scene.gateway().metrics().sum("esper_policy_results_total", "policy=door", "result=blocked"))
                    .isEqualTo(3);
            assertThat(scene.gateway().metrics().sum("esper_decisions_total", "source=other"))
                    .isZero();
            // Nobody is left who would ask.
            await().until(() -> scene.esper().connectionsOpen() == 0);
            scene.finish();
        }
    }

    @Test
    void whatWasActiveByPoliciesHoldsWhenTheyDecideAgain() {
        try (ReloadScene scene = new ReloadScene(directory, local)) {
            assertThat(scene.ask(by("Somebody", "/once")).status()).isEqualTo(403);
            assertThat(scene.ask(by("Somebody", "/")).status()).isEqualTo(403);
            scene.change(CLOUD);
            assertThat(scene.ask(by("Somebody", "/")).status()).isEqualTo(200);
            scene.change(local);
            assertThat(scene.ask(by("Somebody", "/")).status()).isEqualTo(403);
            assertThat(scene.gateway().metric("esper_mitigations")).isEqualTo(1);
            scene.finish();
        }
    }

    @Test
    void aRolloutIsWhereItWasWhenPoliciesDecideAgain() throws IOException {
        Path next = file("next.conf", """
                policies = [ { policy_id = gate, clauses = [
                  { match { field = request_path, operator = Eq, value = /gate }, mitigation = block } ] } ]
                """);
        String rolling =
                local + "rollout { path = [ \"" + next + "\" ], stages = [ \"10%\", \"100%\" ], duration = 1h }\n";
        try (ReloadScene scene = new ReloadScene(directory, rolling)) {
            String ordered = RawClient.exchange(
                            scene.gateway().adminPort(),
                            "POST /rollout?order=next HTTP/1.1\r\nHost: localhost\r\nX-Esper-Operator: anna\r\nContent-Length: 0\r\n\r\n")
                    .bodyText();
            assertThat(ordered).contains("\"state\":\"running\"").contains("\"share\":\"100 %\"");
            assertThat(scene.get("/gate").status()).isEqualTo(403);
            scene.refuse(rolling.replace("mode = local", "mode = cloud") + ESPER, "rollout.path");
            scene.change(CLOUD);
            assertThat(scene.get("/gate").status()).isEqualTo(200);
            scene.change(rolling);
            await().until(() -> scene.get("/gate").status() == 403);
            assertThat(operator(scene, "/rollout").bodyText()).contains("\"share\":\"100 %\"");
            scene.finish();
        }
    }
}
