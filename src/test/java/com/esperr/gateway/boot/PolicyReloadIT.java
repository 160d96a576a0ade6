package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.policy.PolicySet;
import com.esperr.gateway.policy.SitePolicies;
import com.esperr.gateway.testkit.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policy files that change just before another configuration names other ones: whoever has read them comes last. */
class PolicyReloadIT {
    private static final String BLOCK = """
            policies = [ { policy_id = door, clauses = [
              { match { field = request_path, operator = Eq, value = "%s" }, mitigation = block } ] } ]
            """;

    @TempDir
    private Path directory;

    private Path file(String name, String path) throws IOException {
        Path next = Files.writeString(directory.resolve("next"), BLOCK.formatted(path));
        return Files.move(next, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Whoever has read changed files and waits for his turn to put them in force. */
    private static @Nullable Thread waiting() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().equals("policies")
                        && thread.getKey().getState() == Thread.State.BLOCKED
                        && Arrays.stream(thread.getValue())
                                .anyMatch(frame -> frame.getClassName().equals(PolicyReload.class.getName())))
                .map(Map.Entry::getKey)
                .findAny()
                .orElse(null);
    }

    /** Puts {@code next} in force while one who has read {@code changed} waits, and then lets him go on. */
    private void replace(ReplacingScene scene, String changed, Map<String, String> next) throws Exception {
        Thread late;
        synchronized (scene.policies()) {
            file(changed, "/late");
            late = Objects.requireNonNull(await().until(PolicyReloadIT::waiting, Objects::nonNull));
            scene.replace(next);
        }
        late.join(Patience.LIMIT.toMillis());
        assertThat(late.isAlive()).isFalse();
    }

    @Test
    void ofTheFilesOfBeforeNothingComesIntoForceAnyMore() throws Exception {
        Map<String, String> before =
                Map.of("policies.path", file("before.conf", "/a").toString(), "policies.reload-interval", "1s");
        Map<String, String> after =
                Map.of("policies.path", file("after.conf", "/b").toString(), "policies.reload-interval", "1s");
        try (ReplacingScene scene = new ReplacingScene(before)) {
            replace(scene, "before.conf", after);
            SitePolicies inForce =
                    Objects.requireNonNull(scene.serving().lineup().sources().local());
            PolicySet named =
                    Policies.load(ReplacingScene.loaded(after).value()).set();
            assertThat(inForce.usual().policies().hash()).isEqualTo(named.hash());
        }
    }

    @Test
    void neitherDoesWhatTheFilesOfBeforeRollOut() throws Exception {
        Map<String, String> before = rolling("before.conf", "/a");
        Map<String, String> after = rolling("after.conf", "/b");
        try (ReplacingScene scene = new ReplacingScene(before)) {
            replace(scene, "before.conf", after);
            PolicySet late = Objects.requireNonNull(
                    Policies.load(ReplacingScene.loaded(before).value()).next());
            PolicySet named = Objects.requireNonNull(
                    Policies.load(ReplacingScene.loaded(after).value()).next());
            assertThat(scene.recorded()).noneMatch(line -> line.contains(late.hash()));
            assertThat(scene.recorded().get(scene.recorded().size() - 1)).contains(named.hash());
        }
    }

    private Map<String, String> rolling(String name, String path) throws IOException {
        return Map.of(
                "policies.path", file("usual.conf", "/").toString(),
                "policies.reload-interval", "1s",
                "rollout.path", file(name, path).toString());
    }
}
