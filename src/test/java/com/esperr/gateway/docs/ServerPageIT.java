package com.esperr.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.Peers;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Does what {@code docs/server.md} tells a reader to do; only file and ports are others. */
class ServerPageIT {
    private static final String JAVA = "java -jar target/esper-gateway.jar ";
    private static final String ASKER = "ESPER_API_KEY=$KEY " + JAVA;
    private static final String FILE = "data/keys.jsonl";

    @Test
    void theCommandsOfThePageAnswerAsItSays(@TempDir Path directory) throws Exception {
        Peers.require("curl");
        PageSteps steps = PageSteps.of("server.md");
        String file = directory.resolve("keys.jsonl").toString();
        String key;
        try (GatewayProcess create = GatewayProcess.start(arguments(steps.take(JAVA + "keys "), file))) {
            assertThat(create.awaitExit()).isZero();
            key = create.awaitLine(line -> line.startsWith("esk_"));
        }
        try (GatewayProcess service = GatewayProcess.start(arguments(
                steps.take(JAVA + "server "),
                file,
                "--set",
                "server.keys-file=" + file,
                "--set",
                "server.address=127.0.0.1:0",
                "--admin",
                "127.0.0.1:0"))) {
            JsonNode decision = call(steps.take("curl "), service.port(), key);
            assertThat(decision.path("action").asText()).isEqualTo("block");
            assertThat(decision.path("decision_id").asText()).isNotEmpty();
            JsonNode taken = call(steps.take("curl "), service.port(), key);
            assertThat(taken.path("item_id").asText()).isNotEmpty();
            assertThat(taken.path("lookup_entity_id").asText()).isNotEmpty();
            assertThat(taken.path("active_mitigation").isNull()).isTrue();
            assertThat(service.metrics().sum("esper_server_events_total")).isEqualTo(2);
            assertThat(service.readiness()).isEqualTo(200);
            ask(steps.take(ASKER), service.port(), key);
            reload(steps.take(JAVA + "reload "), service);
            assertThat(service.terminate().awaitExit()).isZero();
        }
        steps.done();
    }

    private static void reload(String command, GatewayProcess service) {
        String admin = "127.0.0.1:" + service.adminPort();
        try (GatewayProcess reload = GatewayProcess.start(arguments(command, "", "--admin", admin))) {
            assertThat(reload.awaitExit()).isZero();
            assertThat(reload.lines()).anyMatch(line -> line.contains("\"ok\""));
        }
        service.hangUp().awaitLine(line -> line.contains("read again (SIGHUP)"));
        assertThat(service.metrics().sum("esper_config_reload_total", "result=ok"))
                .isEqualTo(2);
    }

    /** Starts the gateway that asks the service. */
    private static void ask(String command, int port, String key) {
        String options = command.substring(ASKER.length())
                .replace("127.0.0.1:8081", "127.0.0.1:" + port)
                .replace("127.0.0.1:9902", "127.0.0.1:0");
        String[] arguments = (options + " --listen 127.0.0.1:0").split(" ");
        try (GatewayProcess gateway = GatewayProcess.start(List.of(), Map.of("ESPER_API_KEY", key), arguments)) {
            gateway.awaitLine(line -> line.contains("mode cloud"));
            assertThat(gateway.terminate().awaitExit()).isZero();
        }
    }

    private static String[] arguments(String command, String file, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of(command.substring(JAVA.length()).replace(FILE, file).split(" ")));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    private static JsonNode call(String command, int port, String key) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command.replace("127.0.0.1:8081", "127.0.0.1:" + port));
        builder.environment().put("KEY", key);
        Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (InputStream output = process.getInputStream()) {
            String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return new ObjectMapper().readTree(text);
        } finally {
            process.destroyForcibly();
        }
    }
}
