package com.esperr.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.policy.ActiveMitigation.By;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.MemoryReplicated;
import com.esperr.gateway.state.MemoryWindows;
import com.esperr.gateway.state.Replicated;
import com.esperr.gateway.state.StateKey;
import com.esperr.gateway.state.WindowLimit;
import com.esperr.gateway.state.WindowSink;
import com.esperr.gateway.state.Windows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who meets what is active: over tenants, reloads and orders of others; and what is said and counted about it. */
class PolicyActiveTest {
    private static final String BURST = """
            entities = [ { name = address, key_fields = [client_ip] } ]
            policies = [ { policy_id = p, name = "Too fast", clauses = [ { name = burst, entity = address
              match { field = request_path, operator = Eq, value = /search }
              window { seconds = 10, threshold = 3 }, mitigation = block, lifetime = 10 minutes } ] } ]
            """;

    @TempDir
    Path directory;

    private final AtomicLong now = new AtomicLong(Sample.NOW);
    private final Replicated<ActiveMitigation> active = new MemoryReplicated<>(1_000, now::get);

    private PolicyEngine engine(String text) {
        return Sample.engine(Sample.policies(directory, text), active, now::get);
    }

    private Sample.Answer ask(PolicyEngine engine, Sample.Request request) {
        return request.at(now.get()).ask(engine);
    }

    private List<ActiveMitigation> kept() {
        List<ActiveMitigation> kept = new ArrayList<>();
        active.forEach((key, value) -> kept.add(value.value()));
        return kept;
    }

    private void trip(PolicyEngine engine, Sample.Request request) {
        for (int i = 0; i < 3; i++) {
            ask(engine, request);
        }
    }

    @Test
    void tenantsOfOneStoreNeverMeet() {
        PolicySet policies = Sample.policies(directory, BURST);
        Windows windows = new MemoryWindows(1_000, System::nanoTime);
        PolicyEngine[] engines = new PolicyEngine[2];
        for (int i = 0; i < 2; i++) {
            engines[i] = new PolicyEngine(
                    policies, new PolicyEngine.Terms("t" + i, windows, active, new HashSeed(1, 2), 64, null, now::get));
        }
        ask(engines[0], Sample.get("/search"));
        ask(engines[0], Sample.get("/search"));
        assertThat(ask(engines[1], Sample.get("/search")).word()).isEqualTo("abstained");
        assertThat(ask(engines[0], Sample.get("/search")).word()).isEqualTo("block");
        assertThat(ask(engines[1], Sample.get("/")).word()).isEqualTo("abstained");
        assertThat(engines[0].seed()).isNotEqualTo(engines[1].seed());
    }

    /** Whichever of the entities is looked up first. */
    @Test
    void aBlockOfOneEntityIsMetBeforeAChallengeOfAnother() {
        for (String blocked : List.of("address", "agent")) {
            PolicyEngine engine = engine("""
                    entities = [ { name = address, key_fields = [client_ip] }, { name = agent, key_fields = [user_agent] } ]
                    mitigations = [ { mitigation_id = ask, mode = challenge, return_url_template = "/challenge" } ]
                    policies = [ { policy_id = p, clauses = [
                      { entity = address, mitigation = ask, lifetime = 10m, match { field = request_path, operator = Eq, value = /a } }
                      { entity = agent, mitigation = ask, lifetime = 10m, match { field = request_path, operator = Eq, value = /b } }
                    ] } ]
                    """.replace(
                    "entity = " + blocked + ", mitigation = ask", "entity = " + blocked + ", mitigation = block"));
            String agent = "agent where the " + blocked + " is blocked";
            String address = "192.0.2." + blocked.length();
            ask(engine, Sample.get("/a").from(address).with("user-agent", "another"));
            ask(engine, Sample.get("/b").from("192.0.2.1").with("user-agent", agent));
            assertThat(ask(engine, Sample.get("/").from(address).with("user-agent", agent))
                            .word())
                    .isEqualTo("block");
        }
    }

    @Test
    void itOutlivesAReloadAndEndsWithItsEntity() {
        PolicyEngine engine = engine(BURST);
        trip(engine, Sample.get("/search"));
        engine.swap(Sample.policies(directory, "entities = [ { name = address, key_fields = [client_ip] } ]"));
        assertThat(ask(engine, Sample.get("/")).word()).isEqualTo("block");
        engine.swap(PolicySet.EMPTY);
        assertThat(ask(engine, Sample.get("/")).word()).isEqualTo("abstained");
    }

    @Test
    void whatOthersOrderForAnEntityThatNoClauseMitigatesIsFoundAsWell() {
        PolicyEngine engine = engine("");
        assertThat(ask(engine, Sample.get("/")).word()).isEqualTo("abstained");
        StateKey key = engine.key("ip-user-agent", Sample.get("/").context());
        active.put(
                key,
                new ActiveMitigation(
                        "default",
                        "ip-user-agent",
                        Map.of(),
                        Action.BLOCK,
                        "block",
                        null,
                        null,
                        "said so",
                        "m-1",
                        now.get(),
                        By.MANUAL,
                        null),
                now.get() + 1_000);
        assertThat(ask(engine, Sample.get("/")).decision.cause())
                .extracting("policy", "reason", "decisionId")
                .containsExactly(null, "said so", "m-1");
        active.remove(key);
        assertThat(ask(engine, Sample.get("/")).word()).isEqualTo("abstained");
        assertThat(engine.key("nobody", Sample.get("/").context())).isNull();
    }

    @Test
    void anAnalysisSaysWhatIsActiveAfterwards() {
        PolicyEngine engine = engine(BURST.replace("mitigation = block", "mitigation = block, inline = false"));
        AtomicReference<@Nullable Analysis> told = new AtomicReference<>();
        AnalysisSink sink = new AnalysisSink() {
            @Override
            public void analysed(Analysis analysis) {
                told.set(analysis);
            }

            @Override
            public void failed(FailureReason reason, String detail) {
                throw new AssertionError(detail);
            }
        };
        Sample.Request search = Sample.get("/search");
        engine.analyse(search.context(), new Deadline(0), sink);
        assertThat(told.get())
                .isEqualTo(new Analysis(null, null, null, engine.policies().hash()));
        engine.analyse(search.context(), new Deadline(0), sink);
        engine.analyse(search.context(), new Deadline(0), sink);
        assertThat(told.get().decision()).isNull();
        assertThat(told.get().active()).isEqualTo(kept().get(0));
        assertThat(told.get().key()).isEqualTo(engine.key("address", search.context()));
        engine.analyse(search.context(), new Deadline(0), sink);
        assertThat(told.get().decision().action()).isEqualTo(Action.BLOCK);
        assertThat(told.get().active()).isEqualTo(kept().get(0));
    }

    @Test
    void aRequestEndsByThePoliciesItBeganWithWhenTheyAreSwappedWhileAWindowIsAsked() {
        List<WindowSink> pending = new ArrayList<>();
        Windows later = new Windows() {
            @Override
            public void hit(StateKey key, WindowLimit limit, long nowMillis, WindowSink sink) {
                pending.add(sink);
            }

            @Override
            public @Nullable String trouble() {
                return null;
            }
        };
        PolicyEngine engine = new PolicyEngine(
                Sample.policies(directory, BURST),
                new PolicyEngine.Terms("default", later, active, new HashSeed(1, 2), 64, null, now::get));
        String before = engine.policies().hash();
        Sample.Answer answer = ask(engine, Sample.get("/search"));
        assertThat(answer.told).isZero();
        engine.swap(PolicySet.EMPTY);
        pending.remove(0).counted(3);
        assertThat(answer.word()).isEqualTo("block");
        assertThat(answer.decision.cause().policies()).isEqualTo(before);
        // What it made active names an entity that is not defined any more, and waits for it to come back.
        assertThat(ask(engine, Sample.get("/")).word()).isEqualTo("abstained");
        engine.swap(Sample.policies(directory, BURST));
        assertThat(ask(engine, Sample.get("/")).word()).isEqualTo("block");
    }

    @Test
    void whatComesOfAPolicyIsCounted() {
        PolicyEngine engine = engine("""
                mitigations = [ { mitigation_id = c, mode = challenge, return_url_template = "/c" } ]
                policies = [ { policy_id = p, clauses = [
                  { mitigation = monitor }
                  { match { field = request_path, operator = Eq, value = /c }, mitigation = c }
                  { match { field = request_path, operator = Eq, value = /b }, mitigation = block, lifetime = 1m }
                ] } ]
                """);
        for (String path : List.of("/", "/c", "/b", "/")) {
            now.addAndGet(5_000);
            ask(engine, Sample.get(path));
        }
        PolicyCounts counts = engine.results().of("p");
        counts.challengeSolved();
        assertThat(List.of(
                        counts.matched(),
                        counts.observed(),
                        counts.challenged(),
                        counts.challengesSolved(),
                        counts.blocked()))
                .containsExactly(4L, 3L, 1L, 1L, 2L);
        assertThat(counts.lastMatchMillis()).isEqualTo(now.get());
        engine.swap(PolicySet.EMPTY);
        assertThat(engine.results().of("p").matched()).isEqualTo(4);
    }
}
