package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.Patience;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that is told while it runs to account for what it does elsewhere or otherwise: in log.audit, explanations and traces. */
class AccountReloadIT {
    private static final String BLOCK = """
            policies = [ { policy_id = door, clauses = [
              { match { field = request_path, operator = Eq, value = /blocked }, mitigation = block } ] } ]
            """;

    @TempDir
    private Path directory;

    private static String audit(Path file) {
        return "log.audit = \"" + file + "\"\n";
    }

    private static String traces(TestOrigin collector, String more) {
        return "traces { endpoint = \"" + collector.url() + "/v1/traces\", sample = 1, " + more + " }\n";
    }

    private static RawResponse explained(ReloadScene scene, String reference) {
        return RawClient.exchange(
                scene.gateway().adminPort(), "GET /explain/" + reference + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    private static String blocked(ReloadScene scene) {
        RawResponse answer = scene.get("/blocked");
        assertThat(answer.status()).isEqualTo(403);
        String reference = answer.header("Esper-Reference");
        await().atMost(Patience.LIMIT)
                .until(() -> scene.gateway().metric("esper_explain_entries") == 0
                        || explained(scene, reference).status() == 200);
        return reference;
    }

    @Test
    void everyChangeIsRecordedInTheRecordOfThenAndAnotherOneBeginsWithWhereItComesFrom() throws IOException {
        Path one = directory.resolve("one.log");
        Path other = directory.resolve("other.log");
        try (ReloadScene scene = new ReloadScene(directory, audit(one))) {
            scene.passTime(5);
            scene.change(audit(one) + "pages.name = One\n");
            scene.change(audit(other) + "pages.name = One\n");
            scene.change(audit(other) + "pages.name = Other\n");
            scene.refuse(audit(directory.resolve("none/audit.log")) + "pages.name = Lost\n", "log.audit");
            scene.change(audit(other) + "pages.name = Again\n");
            scene.passTime(5);
            scene.finish();
            assertThat(Files.readAllLines(one))
                    .filteredOn(line -> line.contains("config-replaced"))
                    .hasSize(2);
            List<String> moved = Files.readAllLines(other);
            assertThat(moved).hasSize(5).allMatch(line -> line.contains("anna"));
            assertThat(moved).filteredOn(line -> line.contains("config-kept")).hasSize(1);
            assertThat(Files.readString(one)).endsWith(about(moved.get(0)) + "\n");
            scene.change("pages.name = Silent\n");
            scene.change("pages.name = Unseen\n");
            assertThat(Files.readAllLines(other)).hasSize(6);
        }
    }

    private static String about(String line) {
        return line.substring(line.indexOf("event"));
    }

    @Test
    void whatCouldBeExplainedStillCanAsFarAsThereIsRoomForIt() throws IOException {
        Path file = Files.writeString(directory.resolve("policies.conf"), BLOCK);
        String policies = "policies.path = [ \"" + file + "\" ]\n";
        try (ReloadScene scene = new ReloadScene(directory, policies + "explain.entries = 10\n")) {
            String first = blocked(scene);
            String second = blocked(scene);
            scene.change(policies + "explain { entries = 20, lifetime = 2h }\n");
            assertThat(explained(scene, first).bodyText()).contains("door");
            scene.refuse(policies + "explain.entries = -1\n", "explain.entries: -1");
            assertThat(explained(scene, second).bodyText()).contains("door");
            scene.change(policies + "explain.entries = 1\n");
            assertThat(explained(scene, first).status()).isEqualTo(404);
            assertThat(explained(scene, second).status()).isEqualTo(200);
            assertThat(scene.gateway().metric("esper_explain_dropped_total{reason=\"full\"}"))
                    .isEqualTo(1);
            scene.change(policies + "explain.entries = 0\n");
            assertThat(explained(scene, blocked(scene)).status()).isEqualTo(404);
            assertThat(scene.gateway().metric("esper_explain_entries")).isZero();
            scene.change(policies + "explain.entries = 10\n");
            assertThat(explained(scene, blocked(scene)).status()).isEqualTo(200);
            scene.finish();
        }
    }

    @Test
    void spansGoToTheCollectorOfThenAndNoneIsLost() {
        try (TestOrigin one = TestOrigin.start(Behaviours.respond(200, ""));
                TestOrigin other = TestOrigin.start(Behaviours.respond(200, ""));
                ReloadScene scene = new ReloadScene(directory, "")) {
            scene.passTime(5);
            scene.change(traces(one, "service-name = shop"));
            scene.passTime(20);
            scene.change(traces(other, "service-name = shop"));
            scene.passTime(20);
            scene.refuse(traces(one, "queue = 1"), "traces.queue: 1");
            scene.change(traces(other, "service-name = blog"));
            scene.passTime(20);
            await().atMost(Patience.LIMIT)
                    .until(() -> !one.requests().isEmpty() && !other.requests().isEmpty());
            scene.change("");
            scene.passTime(5);
            double sent = scene.gateway().metric("esper_traces_spans_sent_total");
            assertThat(sent).isGreaterThanOrEqualTo(60);
            assertThat(scene.gateway().metrics().sum("esper_traces_spans_dropped_total"))
                    .isZero();
            scene.passTime(5);
            assertThat(scene.gateway().metric("esper_traces_spans_sent_total")).isEqualTo(sent);
            scene.finish();
        }
    }
}
