package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.RawClient;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway to whose sites other sets of policies are given while it runs, some new, some gone. */
class PolicySetsReloadIT {
    private static final String BLOCK = """
            policies = [ { policy_id = door, clauses = [
              { match { field = request_path, operator = Eq, value = "%s" }, mitigation = block } ] } ]
            """;
    private static final String HOST = "hosts = [ { names = [ %s.test ], policies = %s } ]\n";

    @TempDir
    private Path directory;

    private String usual;
    private String api;
    private String blog;

    @BeforeEach
    void write() throws IOException {
        usual = "policies.path = [ \"" + file("usual", BLOCK.formatted("/a")) + "\" ]\n";
        api = "policies.sets.api.path = [ \"" + file("api", BLOCK.formatted("/b")) + "\" ]\n";
        blog = "policies.sets.blog.path = [ \"" + file("blog", BLOCK.formatted("/c")) + "\" ]\n";
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name + ".conf"), text);
    }

    private static String host(String name) {
        return HOST.formatted(name, name);
    }

    private static int get(ReloadScene scene, String host, String path) {
        return scene.ask("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                .status();
    }

    private static JsonNode operator(ReloadScene scene, String path) {
        String said = RawClient.exchange(
                        scene.gateway().adminPort(), "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .bodyText();
        try {
            return new ObjectMapper().readTree(said);
        } catch (IOException e) {
            throw new UncheckedIOException(said, e);
        }
    }

    private static double blocked(ReloadScene scene, String policy) {
        return scene.gateway().metrics().sum("esper_policy_results_total", "policy=" + policy, "result=blocked");
    }

    @Test
    void aSetThatIsAddedDecidesAndIsShownLikeOneOfTheStart() {
        try (ReloadScene scene = new ReloadScene(directory, usual)) {
            scene.passTime(5);
            assertThat(get(scene, "api.test", "/b")).isEqualTo(200);
            scene.change(usual + api + host("api"));
            scene.passTime(5);
            assertThat(get(scene, "api.test", "/b")).isEqualTo(403);
            assertThat(get(scene, "api.test", "/a")).isEqualTo(200);
            assertThat(get(scene, "shop.test", "/a")).isEqualTo(403);
            assertThat(get(scene, "shop.test", "/b")).isEqualTo(200);
            assertThat(blocked(scene, "api/door")).isEqualTo(1);
            assertThat(blocked(scene, "door")).isEqualTo(1);
            assertThat(scene.gateway().metric("esper_policies")).isEqualTo(2);
            assertThat(operator(scene, "/policies?set=api")
                            .at("/policies/0/blocked")
                            .asInt())
                    .isEqualTo(1);
            scene.finish();
        }
    }

    @Test
    void oneThatGoesIsGoneAndOneThatComesBackCountsOn() {
        try (ReloadScene scene = new ReloadScene(directory, usual + api + host("api"))) {
            scene.passTime(5);
            assertThat(get(scene, "api.test", "/b")).isEqualTo(403);
            scene.change(usual + blog + host("blog"));
            scene.passTime(5);
            assertThat(get(scene, "api.test", "/b")).isEqualTo(200);
            assertThat(get(scene, "api.test", "/a")).isEqualTo(403);
            assertThat(get(scene, "blog.test", "/c")).isEqualTo(403);
            assertThat(operator(scene, "/policies").path("sets"))
                    .extracting(JsonNode::asText)
                    .containsExactly("blog", "default");
            assertThat(scene.gateway().metric("esper_policies")).isEqualTo(2);
            scene.change(usual + api + host("api"));
            scene.passTime(5);
            assertThat(get(scene, "api.test", "/b")).isEqualTo(403);
            assertThat(blocked(scene, "api/door")).isEqualTo(2);
            assertThat(blocked(scene, "blog/door")).isEqualTo(1);
            scene.finish();
        }
    }

    @Test
    void oneThatASiteStillNamesCannotGoAndBrokenFilesCannotCome() {
        try (ReloadScene scene = new ReloadScene(directory, usual + api + host("api"))) {
            scene.refuse(usual + host("api"), "policies: api");
            scene.refuse(
                    usual + api + host("api") + "policies.sets.blog.path = [ \"" + directory.resolve("none.conf")
                            + "\" ]\n",
                    "none.conf");
            scene.passTime(5);
            assertThat(get(scene, "api.test", "/b")).isEqualTo(403);
            assertThat(operator(scene, "/policies").path("sets")).hasSize(2);
            scene.finish();
        }
    }

    @Test
    void aRolloutGoesOnInItsSetWhileOthersComeAndGo() throws IOException {
        String rollout = "rollout { set = api, path = [ \"" + file("next", BLOCK.formatted("/d"))
                + "\" ], stages = [ \"0%\", \"100%\" ], duration = 1h }\n";
        String kept = usual + api + host("api") + rollout;
        try (ReloadScene scene = new ReloadScene(directory, kept)) {
            assertThat(scene.gateway().metric("esper_rollout_state{state=\"running\"}"))
                    .isEqualTo(1);
            scene.change(kept + blog);
            scene.passTime(5);
            String order = RawClient.exchange(
                            scene.gateway().adminPort(),
                            "POST /rollout?order=promote HTTP/1.1\r\nHost: localhost\r\nX-Esper-Operator: anna\r\n"
                                    + "Content-Length: 0\r\n\r\n")
                    .bodyText();
            assertThat(get(scene, "api.test", "/d")).as(order).isEqualTo(403);
            assertThat(get(scene, "api.test", "/b")).isEqualTo(200);
            scene.change(kept);
            assertThat(get(scene, "api.test", "/d")).isEqualTo(403);
            scene.finish();
        }
    }
}
