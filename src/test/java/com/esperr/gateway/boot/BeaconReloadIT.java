package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.EsperCall;
import com.esperr.gateway.testkit.Fault;
import com.esperr.gateway.testkit.TestEsper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that tells Esper of every request, and whose key, words and ways change meanwhile: nothing is lost. */
class BeaconReloadIT {
    private static final String NEW_KEY = "test-key-second";

    @TempDir
    private Path directory;

    private String beacon(String key, String more) {
        return """
                esper { api-key = %s, tenant-id = tenant-1 }
                beacon { mode = on, spool.directory = "%s", back-off { first = 20ms, longest = 100ms } }
                %s
                """.formatted(key, directory.resolve("spool"), more);
    }

    private static Set<String> told(TestEsper esper) {
        return esper.beaconCalls().stream()
                .map(call -> call.request().bodyText())
                .collect(Collectors.toSet());
    }

    /** Every request that was answered, and no other, is told; one that was under way at a change perhaps twice, word for word. */
    private static void assertNothingIsLost(ReloadScene scene) {
        scene.finish();
        await().until(() -> told(scene.esper()).size() >= scene.answered() + 1);
        await().until(() -> scene.gateway().metric("esper_beacon_spool_events") == 0);
        assertThat(told(scene.esper())).hasSize((int) scene.answered() + 1);
        assertThat(scene.gateway().metrics().sum("esper_beacon_dropped_total")).isZero();
    }

    @Test
    void eventsThatWaitAreSentUnderTheNewKey() {
        try (ReloadScene scene = new ReloadScene(directory, beacon(TestEsper.API_KEY, ""))) {
            scene.passTime(20);
            scene.esper().takeKeys(NEW_KEY);
            await().until(() -> scene.esper().unauthorized() > 0);
            scene.passTime(20);
            scene.change(beacon(NEW_KEY, ""));
            scene.passTime(20);
            assertNothingIsLost(scene);
            List<EsperCall> calls = scene.esper().beaconCalls();
            assertThat(calls.get(calls.size() - 1).request().headers().first("x-esper-api-key"))
                    .isEqualTo(NEW_KEY);
        }
    }

    @Test
    void tenChangesUnderLoadLoseNoEvent() {
        try (ReloadScene scene = new ReloadScene(directory, beacon(TestEsper.API_KEY, ""))) {
            scene.esper().takeKeys(TestEsper.API_KEY, NEW_KEY);
            for (int i = 0; i < 10; i++) {
                scene.change(beacon(i % 2 == 0 ? NEW_KEY : TestEsper.API_KEY, "beacon.queue = " + (5000 + i) + "\n"));
                scene.passTime(10);
            }
            assertNothingIsLost(scene);
        }
    }

    @Test
    void whatCouldNotBeSentBeforeAChangeIsSentBehindIt() {
        try (ReloadScene scene = new ReloadScene(directory, beacon(TestEsper.API_KEY, ""))) {
            scene.esper().inject(Fault.REFUSED);
            scene.passTime(30);
            scene.change(beacon(TestEsper.API_KEY, "beacon.outcome = false\n"));
            scene.passTime(30);
            scene.esper().heal();
            assertNothingIsLost(scene);
        }
    }

    @Test
    void itBeginsAndEndsWithoutARestart() {
        String off = "esper { api-key = " + TestEsper.API_KEY + ", tenant-id = tenant-1 }\n";
        try (ReloadScene scene = new ReloadScene(directory, off)) {
            assertThat(scene.esper().beaconCalls()).isEmpty();
            scene.change(beacon(TestEsper.API_KEY, ""));
            await().until(() -> !scene.esper().beaconCalls().isEmpty());
            assertThat(scene.gateway().metrics().toString()).contains("esper_beacon_oldest_seconds");
            scene.refuse(beacon(TestEsper.API_KEY, "beacon.queue = 1\n"), "beacon.queue: 1");
            scene.change(off);
            long told = scene.esper().beaconCalls().size();
            scene.passTime(20);
            assertThat(scene.esper().beaconCalls()).hasSize((int) told);
            assertThat(scene.gateway().metrics().toString())
                    .contains("esper_beacon_sent")
                    .doesNotContain("esper_beacon_oldest_seconds");
            scene.finish();
        }
    }

    @Test
    void aSpoolThatCouldNotBeUsedCanBeOnceItIsPutRight() throws IOException {
        Path key = Files.createDirectories(directory.resolve("spool")).resolve("hash.key");
        Files.writeString(key, "not hexadecimal\n");
        String off = "esper { api-key = " + TestEsper.API_KEY + ", tenant-id = tenant-1 }\n";
        try (ReloadScene scene = new ReloadScene(directory, off)) {
            scene.refuse(beacon(TestEsper.API_KEY, ""), "hash.key");
            Files.delete(key);
            scene.change(beacon(TestEsper.API_KEY, ""));
            await().until(() -> !scene.esper().beaconCalls().isEmpty());
            scene.finish();
        }
    }
}
