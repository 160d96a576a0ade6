package com.esperr.gateway.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.decision.ChallengeUrl;
import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.policy.ActiveMitigation;
import com.esperr.gateway.policy.LoadedPolicies;
import com.esperr.gateway.policy.PolicyEngine;
import com.esperr.gateway.policy.PolicyLoader;
import com.esperr.gateway.policy.PolicySet;
import com.esperr.gateway.policy.SitePolicies;
import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Requests;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.MemoryReplicated;
import com.esperr.gateway.state.MemoryWindows;
import com.esperr.gateway.state.Replicated;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A gateway, or several, with policies that are rolled out, at a time that is told. */
abstract class RolloutScene {
    static final Deadline AT_ONCE = new Deadline(0);
    static final String CLAUSE =
            "{ policy_id = %s, clauses = [ { name = only, match { field = request_path, operator = starts_with, value = \"%s\" },"
                    + " mitigation = %s%s } ] }\n";

    @TempDir
    private Path directory;

    final Replicated<Progress> shared = new MemoryReplicated<>(100, this::millis);
    final List<String> recorded = new ArrayList<>();
    long now = Requests.NOW;
    boolean recordable = true;
    PolicySet good;
    PolicySet better;
    PolicySet bad;
    Site site;

    /** A gateway. */
    final class Site implements RolloutHost {
        private final Replicated<ActiveMitigation> mitigations =
                new MemoryReplicated<>(1000, RolloutScene.this::millis);
        final PolicyEngine engine = new PolicyEngine(good, terms());
        final SitePolicies engines = new SitePolicies(Map.of("default", engine));
        final Rollout rollout;

        Site(RolloutConfig config, PolicySet candidate) {
            this.rollout = new Rollout(
                    config,
                    new RolloutTerms(
                            this,
                            () -> engines,
                            set -> terms(),
                            new Stores(
                                    new MemoryReplicated<>(1000, RolloutScene.this::millis),
                                    shared,
                                    1000,
                                    1000,
                                    RolloutScene.this::nanos),
                            this,
                            RolloutScene.this::millis));
            rollout.configure(config, good, candidate);
        }

        private PolicyEngine.Terms terms() {
            return new PolicyEngine.Terms(
                    "default",
                    new MemoryWindows(1000, RolloutScene.this::nanos),
                    mitigations,
                    new HashSeed(1, 2),
                    64,
                    ChallengeUrl.parse("/challenge"),
                    RolloutScene.this::millis);
        }

        @Override
        public boolean replace(String set, PolicySet policies, String by, boolean back) {
            if (recordable || back) {
                engine.swap(policies);
            }
            return recordable || back;
        }

        @Override
        public boolean record(String event, String by, Map<String, String> about) {
            if (recordable) {
                recorded.add(by + " " + about.get("what") + " " + about.get("share"));
            }
            return recordable;
        }

        String ask(RequestContext request) {
            Remembered said = new Remembered();
            engines.decide(request, AT_ONCE, said);
            Verdict verdict = said.verdict();
            return verdict == null ? "failed" : verdict.action().label();
        }

        String ask(int visitor, String path) {
            return ask(visitor(visitor, path).context());
        }

        void crowd(int visitors, String path) {
            IntStream.range(0, visitors).forEach(visitor -> ask(visitor, path));
        }

        String state() {
            return rollout.standing().state() + " " + rollout.standing().share();
        }

        void later(Duration time) {
            now += time.toMillis();
            rollout.look();
        }
    }

    static Requests visitor(int number, String path) {
        return Requests.get(path).from("198.51." + number / 250 + '.' + (number % 250 + 1));
    }

    private long millis() {
        return now;
    }

    private long nanos() {
        return TimeUnit.MILLISECONDS.toNanos(now);
    }

    @BeforeEach
    void policies() throws IOException {
        String door = CLAUSE.formatted("door", "/door", "challenge", "");
        good = policies("good", door);
        better = policies("better", door + CLAUSE.formatted("attack", "/attack", "block", ", lifetime = 1h"));
        bad = policies("bad", door + CLAUSE.formatted("everybody", "/", "challenge", ", lifetime = 1h"));
    }

    PolicySet policies(String name, String clauses) throws IOException {
        Path file = Files.writeString(directory.resolve(name + ".conf"), "policies = [ " + clauses + " ]");
        LoadedPolicies loaded = PolicyLoader.load(List.of(file));
        assertThat(loaded.problems()).isEmpty();
        return loaded.policies();
    }

    static RolloutConfig config(Double... stages) {
        return config(new Bounds(0.02, 0.01, 0, 0.5, 10), stages);
    }

    static RolloutConfig config(Bounds bounds, Double... stages) {
        return new RolloutConfig(
                List.of(Path.of("next")),
                "default",
                List.of(stages),
                Duration.ofMinutes(10),
                50,
                List.of(FieldReference.parse("client_ip")),
                bounds);
    }

    static RequestContext holder(int number, String path) {
        RequestContext request = visitor(number, path).context();
        request.passLevel(1);
        return request;
    }
}
