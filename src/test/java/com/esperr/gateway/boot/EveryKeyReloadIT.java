package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import com.esperr.gateway.config.Loaded;
import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigUtil;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of each key, that it comes into force or needs a restart, is what becomes of it. */
class EveryKeyReloadIT {
    private static final Map<String, String> IN_PLACE = new LinkedHashMap<>();
    private static final Map<String, String> WITH_RESTART = new LinkedHashMap<>();

    static {
        IN_PLACE.put("mode", "monitor");
        IN_PLACE.put("monitor.source", "cloud");
        IN_PLACE.put("origin.keep-alive", "11s");
        IN_PLACE.put("origins.more.url", "\"http://127.0.0.1:1\"");
        IN_PLACE.put("hosts", "[ { names = [ blog.test ] } ]");
        // The visitors of the load stay known.
        IN_PLACE.put("unknown-host", "404\nhosts = [ { names = [ shop.test ] } ]");
        IN_PLACE.put("routes", "[ { path = /a, tier = sensitive } ]");
        IN_PLACE.put("limits.header-count", "99");
        IN_PLACE.put("client.ipv6-prefix", "56");
        IN_PLACE.put("paths.semicolon", "keep");
        IN_PLACE.put("upgrade.idle-timeout", "2h");
        IN_PLACE.put("forward.via", "other");
        IN_PLACE.put("response.server-timing", "true");
        IN_PLACE.put("compression.enabled", "true");
        IN_PLACE.put("decision.timeout", "251ms");
        IN_PLACE.put("failure.normal.timeout", "closed");
        IN_PLACE.put("challenge.max-lifetime", "2h");
        IN_PLACE.put("bots.verified", "as-visitors");
        IN_PLACE.put("esper.max-waiting", "17");
        IN_PLACE.put("hybrid.max-entries", "1000");
        IN_PLACE.put("state.redis.connect-timeout", "3s");
        IN_PLACE.put("beacon.concurrency", "3");
        IN_PLACE.put("maintenance.retry-after", "61s");
        IN_PLACE.put("pages.name", "Shop");
        IN_PLACE.put("policies.path", "[ src/test/resources/config/challenge.conf ]");
        IN_PLACE.put("policies.reload-interval", "6s");
        IN_PLACE.put("policies.body.prefix", "32 KiB");
        IN_PLACE.put("policies.sets.more.path", "[ src/test/resources/config/challenge.conf ]");
        IN_PLACE.put("rollout.stages", "[ \"10%\", \"100%\" ]");
        IN_PLACE.put("log.ja4", "true");
        IN_PLACE.put("log.access-queue", "100");
        IN_PLACE.put("record.queue", "100");
        IN_PLACE.put("log.level", "warn");
        IN_PLACE.put("log.repeat-interval", "11s");
        IN_PLACE.put("explain.entries", "11");
        IN_PLACE.put("traces.endpoint", "\"http://127.0.0.1:1\"");
        IN_PLACE.put("log.audit", "target/every-key-audit.log");
        IN_PLACE.put("shutdown.grace", "1s");

        WITH_RESTART.put("listen.backlog", "17");
        WITH_RESTART.put("listeners", "[ { address = \"127.0.0.1:0\" } ]");
        WITH_RESTART.put("admin.dashboard.session", "9h");
        WITH_RESTART.put("runtime.event-loops", "3");
        WITH_RESTART.put("handover.ready-timeout", "31s");
        WITH_RESTART.put("exec.stop.timeout", "9s");
        WITH_RESTART.put("server.address", "\"127.0.0.1:0\"");
        WITH_RESTART.put("state.store", "redis");
        WITH_RESTART.put("policies.max-windows", "1001");
        WITH_RESTART.put("policies.max-mitigations", "1001");
    }

    @TempDir
    private Path directory;

    private static List<String> keys() {
        Loaded<GatewayConfig> reference =
                GatewayConfig.load(null, Map.of(), Map.of("origin.url", "http://127.0.0.1:1"));
        List<String> keys = new ArrayList<>();
        // Sections without keys of their own, such as sites, are told by their name alone.
        reference.effective().root().forEach((name, value) -> keys.add(name));
        reference
                .effective()
                .entrySet()
                .forEach(entry -> keys.add(String.join(".", ConfigUtil.splitPath(entry.getKey()))));
        return keys;
    }

    private static boolean listed(String key, List<String> list) {
        return list.stream().anyMatch(section -> Reloadable.below(key, section));
    }

    @Test
    void everyKeyIsOnOneOfTheLists() {
        assertThat(keys())
                .hasSizeGreaterThan(300)
                .filteredOn(key -> !List.of("log", "policies", "state").contains(key))
                .allSatisfy(key -> assertThat(listed(key, Reloadable.IN_PLACE))
                        .as(key)
                        .isNotEqualTo(listed(key, Reloadable.WITH_RESTART)));
    }

    @Test
    void thePageNamesEachOfThem() throws IOException {
        String page = Files.readString(Path.of("docs/reload.md"));
        String row = page.lines()
                .skip(page.lines().toList().indexOf("| Comes into force | Needs a restart |") + 2)
                .findFirst()
                .orElseThrow();
        String[] cells = row.split("\\|");
        assertThat(Reloadable.IN_PLACE).allSatisfy(key -> assertThat(cells[1]).contains("`" + key + "`"));
        assertThat(Reloadable.WITH_RESTART)
                .allSatisfy(key -> assertThat(cells[2]).contains("`" + key + "`"));
    }

    @Test
    void eachIsTriedHere() {
        assertThat(Stream.concat(Reloadable.IN_PLACE.stream(), Reloadable.WITH_RESTART.stream()))
                // Files that have to be there, and what the test gateway is given as an option, which no file changes.
                .filteredOn(section -> !List.of("policies.country-database", "log.access", "reload")
                        .contains(section))
                .allSatisfy(
                        section -> assertThat(Stream.concat(IN_PLACE.keySet().stream(), WITH_RESTART.keySet().stream()))
                                .as(section)
                                .anyMatch(key -> Reloadable.below(key, section)));
    }

    @Test
    void eachComesIntoForceOrIsNamedAsOneThatNeedsARestart() {
        try (ReloadScene scene = new ReloadScene(directory, "")) {
            assertSoftly(softly -> {
                IN_PLACE.forEach((key, value) -> {
                    JsonNode said = scene.reload(key + " = " + value + "\n");
                    softly.assertThat(said.get("needs_restart").toString())
                            .as("%s", said)
                            .isEqualTo("[]");
                    softly.assertThat(said.get("changed").toString())
                            .as("%s", said)
                            .contains('"' + key);
                });
                WITH_RESTART.forEach((key, value) -> {
                    JsonNode said = scene.reload(key + " = " + value + "\n");
                    softly.assertThat(said.get("result").asText())
                            .as("%s", said)
                            .isEqualTo("ok");
                    softly.assertThat(said.get("needs_restart").toString())
                            .as("%s", said)
                            .contains('"' + key);
                });
            });
            scene.finish();
        }
    }
}
