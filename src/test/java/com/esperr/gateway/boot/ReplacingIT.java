package com.esperr.gateway.boot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.policy.SitePolicies;
import com.esperr.gateway.telemetry.AccessLog;
import com.esperr.gateway.testkit.Logged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another configuration that requests are served by already when something behind that has a defect. */
class ReplacingIT {
    @TempDir
    private Path directory;

    private Map<String, String> keys(String name) throws IOException {
        Path policies = Files.writeString(
                directory.resolve(name + ".conf"),
                "policies = [ { policy_id = " + name + ", clauses = [ { mitigation = block } ] } ]");
        return Map.of(
                "policies.path", policies.toString(),
                "log.access", directory.resolve(name + ".log").toString());
    }

    @Test
    void aDefectOfRolloutsLeavesPoliciesOfTheNextInForceAndNothingOfTheOneBefore() throws IOException {
        Map<String, String> next = keys("next");
        try (ReplacingScene scene = new ReplacingScene(keys("first"));
                Logged logged = Logged.below("com.esperr.gateway.boot")) {
            AccessLog before = Objects.requireNonNull(scene.serving().lineup().log());
            scene.breakRollouts();
            scene.replace(next);
            before.line("{}\n".getBytes(UTF_8));
            assertThat(before.dropped()).isEqualTo(1);
            AccessLog inForce = Objects.requireNonNull(scene.serving().lineup().log());
            assertThat(inForce).isNotSameAs(before);
            SitePolicies engines =
                    Objects.requireNonNull(scene.serving().lineup().sources().local());
            assertThat(engines.usual().policies().hash())
                    .isEqualTo(Policies.load(ReplacingScene.loaded(next).value())
                            .set()
                            .hash());
            assertThat(scene.policies().config().policies())
                    .isEqualTo(ReplacingScene.loaded(next).value().policies());
            assertThat(logged.lines()).contains("ERROR configuration: in force, but rollouts do not follow it");
        }
    }
}
