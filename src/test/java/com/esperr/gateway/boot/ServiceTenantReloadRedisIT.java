package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.keys.NewKey;
import com.esperr.gateway.testkit.RedisServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tenants come and go while what they have is in Redis. */
class ServiceTenantReloadRedisIT {
    private static final String ADDRESS = "198.51.100.9";
    private static final String BLOCKED = "\"decision\":\"Block\"";

    @TempDir
    private Path directory;

    private final RedisServer redis = RedisServer.start();

    @AfterEach
    void stop() {
        redis.close();
    }

    private static boolean isReady(ServiceReloadScene scene, String check) {
        String said = scene.operator("/readyz");
        return said.contains(check) && said.contains("\"ready\":true");
    }

    @Test
    void whatATenantHadInRedisIsKnownAgainWhenItComesBack() {
        String alone = "state { store = redis, redis { url = \"" + redis.url()
                + "\", timeout = 2s, connect-timeout = 60s } }\n";
        String bank = alone + "server.tenants += { tenant_id = bank, policies = [\"" + directory
                + "/policies.conf\"], return-hosts = [shop.test] }\n";
        try (ServiceReloadScene scene = new ServiceReloadScene(directory, alone)) {
            NewKey key = scene.added("bank");
            scene.change(bank);
            await().until(() -> isReady(scene, "tenant:bank"));
            await().until(() -> scene.tell(key, "/trap", ADDRESS).bodyText().contains(BLOCKED));
            scene.change(alone);
            assertThat(scene.ask(key, "/basket", "curl/8").status()).isEqualTo(403);
            assertThat(scene.operator("/readyz")).doesNotContain("tenant:bank");
            scene.change(bank);
            // Without waiting: it is not served before that is known.
            assertThat(scene.operator("/readyz")).contains("tenant:bank").doesNotContain("not read yet");
            await().until(() -> scene.tell(key, "/basket", ADDRESS).bodyText().contains(BLOCKED));
            assertThat(scene.tell(scene.staying(), "/basket", ADDRESS).bodyText())
                    .doesNotContain(BLOCKED);
            scene.passTime(5);
            scene.end();
        }
    }
}
