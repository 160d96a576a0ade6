package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import com.esperr.gateway.config.Loaded;
import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigUtil;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of each key of the decision service, that it comes into force or needs a restart, is what becomes of it. */
class EveryServiceKeyReloadIT {
    private static final Map<String, String> IN_PLACE = new LinkedHashMap<>();
    private static final Map<String, String> WITH_RESTART = new LinkedHashMap<>();

    static {
        IN_PLACE.put("server.public-url", "\"http://esper.test:8081\"");
        IN_PLACE.put("server.keys-file", "\"%s/keys.jsonl\"");
        IN_PLACE.put("server.keys-interval", "50m");
        IN_PLACE.put(
                "server.tenants",
                "[ { tenant_id = shop, policies = [\"%s/policies.conf\"], return-hosts = [other.test] } ]");
        IN_PLACE.put("server.max-connections", "100");
        IN_PLACE.put("server.max-body", "128 KiB");
        IN_PLACE.put("server.max-events", "17");
        IN_PLACE.put("server.rate-limit.burst", "20000");
        IN_PLACE.put("server.rate-limit.per-second", "6000");
        IN_PLACE.put("server.idempotency.max-entries", "1000");
        IN_PLACE.put("server.idempotency.time", "11m");
        IN_PLACE.put("server.challenge.session-lifetime", "11m");
        IN_PLACE.put("server.challenge.max-sessions", "1000");
        IN_PLACE.put("server.challenge.proof-lifetime", "6m");
        IN_PLACE.put("server.challenge.single-use", "false");
        IN_PLACE.put("server.challenge.key-file", "\"%s/secrets\"");
        IN_PLACE.put("server.feed.history", "1000");
        IN_PLACE.put("server.feed.heartbeat", "6s");
        IN_PLACE.put("server.feed.max-subscribers", "17");
        IN_PLACE.put("server.bouncers.whole-address", "true");
        IN_PLACE.put("server.bouncers.max", "17");
        IN_PLACE.put("client.ipv6-prefix", "56");
        IN_PLACE.put("paths.semicolon", "keep");
        IN_PLACE.put("routes", "[ { path = /a, tier = sensitive } ]");
        IN_PLACE.put("challenge.max-lifetime", "2h");
        IN_PLACE.put("pages.name", "Shop");
        IN_PLACE.put("policies.reload-interval", "6s");
        IN_PLACE.put("policies.body.prefix", "32 KiB");
        IN_PLACE.put("log.access", "\"%s/access.log\"");
        IN_PLACE.put("log.access-queue", "100");
        IN_PLACE.put("log.level", "warn");
        IN_PLACE.put("log.repeat-interval", "11s");
        IN_PLACE.put("reload.interval", "1h");
        IN_PLACE.put("shutdown.drain", "1s");

        WITH_RESTART.put("server.address", "\"127.0.0.1:1\"");
        WITH_RESTART.put("server.tls.handshake-timeout", "9s");
        WITH_RESTART.put("admin.dashboard.session", "9h");
        WITH_RESTART.put("runtime.event-loops", "3");
        WITH_RESTART.put("state.redis.connect-timeout", "3s");
        WITH_RESTART.put("policies.max-windows", "1001");
        WITH_RESTART.put("policies.max-mitigations", "1001");
        WITH_RESTART.put("log.audit", "\"%s/audit.log\"");
    }

    @TempDir
    private Path directory;

    private static List<String> keys() {
        Loaded<GatewayConfig> reference =
                GatewayConfig.load(null, Map.of(), Map.of("origin.url", "http://127.0.0.1:1"));
        return reference.effective().entrySet().stream()
                .map(entry -> String.join(".", ConfigUtil.splitPath(entry.getKey())))
                .filter(key -> Reloadable.below(key, "server"))
                .toList();
    }

    private static boolean listed(String key, List<String> list) {
        return list.stream().anyMatch(section -> Reloadable.below(key, section));
    }

    @Test
    void everyKeyOfTheServiceIsOnOneOfTheLists() {
        assertThat(keys())
                .hasSizeGreaterThan(20)
                .allSatisfy(key -> assertThat(listed(key, ServiceKeys.IN_PLACE))
                        .as(key)
                        .isNotEqualTo(listed(key, ServiceKeys.WITH_RESTART)));
    }

    @Test
    void everyKeyOfTheServiceIsTriedHere() {
        assertThat(keys())
                .filteredOn(key -> !Reloadable.below(key, "server.tls"))
                .allSatisfy(key -> assertThat(IN_PLACE.containsKey(key) || WITH_RESTART.containsKey(key))
                        .as(key)
                        .isTrue());
        assertThat(Stream.concat(ServiceKeys.IN_PLACE.stream(), ServiceKeys.WITH_RESTART.stream()))
                // A file that has to be there.
                .filteredOn(section -> !section.equals("policies.country-database"))
                .allSatisfy(
                        section -> assertThat(Stream.concat(IN_PLACE.keySet().stream(), WITH_RESTART.keySet().stream()))
                                .as(section)
                                .anyMatch(key -> Reloadable.below(key, section)));
    }

    @Test
    void thePageNamesEachOfThem() throws IOException {
        List<String> page = Files.readAllLines(Path.of("docs/server.md"));
        String[] cells = page.get(page.indexOf("| Comes into force | Needs a restart |") + 2)
                .split("\\|");
        assertThat(ServiceKeys.IN_PLACE).allSatisfy(key -> assertThat(cells[1]).contains("`" + key + "`"));
        assertThat(ServiceKeys.WITH_RESTART)
                .allSatisfy(key -> assertThat(cells[2]).contains("`" + key + "`"));
    }

    @Test
    void eachComesIntoForceOrIsNamedAsOneThatNeedsARestart() throws IOException {
        String elsewhere = "server.keys-file = \"" + directory + "/same.jsonl\"\n";
        try (ServiceReloadScene scene = new ServiceReloadScene(directory, "")) {
            Files.copy(scene.keyFile().path(), directory.resolve("same.jsonl"));
            assertSoftly(softly -> {
                IN_PLACE.forEach((key, value) -> {
                    // So that what the file begins with is a change, too.
                    scene.reload(elsewhere);
                    JsonNode said = scene.reload(key + " = " + value.formatted(directory) + "\n");
                    softly.assertThat(said.path("needs_restart").toString())
                            .as("%s", said)
                            .isEqualTo("[]");
                    softly.assertThat(said.path("changed").toString())
                            .as("%s", said)
                            .contains('"' + key);
                    softly.assertThat(said.path("result").asText())
                            .as("%s", said)
                            .isEqualTo("ok");
                });
                WITH_RESTART.forEach((key, value) -> {
                    JsonNode said = scene.reload(key + " = " + value.formatted(directory) + "\n");
                    softly.assertThat(said.path("result").asText())
                            .as("%s", said)
                            .isEqualTo("ok");
                    softly.assertThat(said.path("needs_restart").toString())
                            .as("%s", said)
                            .contains('"' + key);
                });
            });
            scene.passTime(5);
            scene.end();
        }
    }
}
