package com.esperr.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.policy.ActiveMitigation.By;
import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.MemoryReplicated;
import com.esperr.gateway.state.Replicated;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a clause with a lifetime does to the later requests of its visitor. */
class PolicyLifetimeTest {
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
    void keysUnderAnotherSecretAreOtherVisitors() {
        PolicyEngine engine = engine(BURST);
        trip(engine, Sample.get("/search"));
        assertThat(ask(engine, Sample.get("/")).word()).isEqualTo("block");
        engine.reseed(new HashSeed(3, 4));
        assertThat(ask(engine, Sample.get("/")).word()).isEqualTo("abstained");
        engine.reseed(new HashSeed(1, 2));
        assertThat(ask(engine, Sample.get("/")).word()).isEqualTo("block");
    }

    @Test
    void otherTermsSayWhoAVisitorIsAndWhatIsActiveStays() {
        PolicyEngine engine = engine(BURST);
        trip(engine, Sample.get("/search").from("2001:db8:1:2::7"));
        Sample.Request neighbour = Sample.get("/").from("2001:db8:1:3::7");
        assertThat(ask(engine, neighbour).word()).isEqualTo("abstained");
        engine.retune(terms(engine, 48));
        trip(engine, Sample.get("/search").from("2001:db8:1:2::7"));
        assertThat(ask(engine, neighbour).word()).isEqualTo("block");
        engine.retune(terms(engine, 64));
        assertThat(ask(engine, neighbour).word()).isEqualTo("abstained");
        assertThat(ask(engine, Sample.get("/").from("2001:db8:1:2::8")).word()).isEqualTo("block");
    }

    private PolicyEngine.Terms terms(PolicyEngine engine, int prefix) {
        PolicyEngine.Terms before = engine.terms();
        return new PolicyEngine.Terms(
                before.tenant(), before.windows(), active, new HashSeed(1, 2), prefix, null, now::get);
    }

    @Test
    void afterTheWindowIsFullTheVisitorIsBlockedOnEveryPathUntilItsTimeIsOver() {
        PolicyEngine engine = engine(BURST);
        Sample.Request search = Sample.get("/search");
        assertThat(ask(engine, search).word()).isEqualTo("abstained");
        assertThat(ask(engine, search).word()).isEqualTo("abstained");
        assertThat(ask(engine, Sample.get("/")).word()).isEqualTo("abstained");
        Sample.Answer tripped = ask(engine, search);
        assertThat(tripped.word()).isEqualTo("block");
        assertThat(ask(engine, Sample.get("/")).word()).isEqualTo("block");
        assertThat(ask(engine, Sample.get("/elsewhere").with("User-Agent", "other"))
                        .word())
                .isEqualTo("block");
        assertThat(ask(engine, Sample.get("/search").from("198.51.100.24")).word())
                .isEqualTo("abstained");
        now.addAndGet(600_000 - 1);
        assertThat(ask(engine, Sample.get("/")).word()).isEqualTo("block");
        now.addAndGet(1);
        assertThat(ask(engine, Sample.get("/")).word()).isEqualTo("abstained");
        assertThat(ask(engine, search).word()).isEqualTo("abstained");
    }

    @Test
    void whatMeetsTheVisitorSaysWhereItComesFrom() {
        PolicyEngine engine = engine(BURST);
        trip(engine, Sample.get("/search"));
        assertThat(kept()).singleElement().satisfies(made -> {
            assertThat(made.tenant()).isEqualTo("default");
            assertThat(made.entity()).isEqualTo("address");
            assertThat(made.values()).isEqualTo(Map.of("client_ip", "198.51.100.23"));
            assertThat(made.action()).isEqualTo(Action.BLOCK);
            assertThat(made.mitigation()).isEqualTo("block");
            assertThat(made.by()).isEqualTo(By.POLICY);
            assertThat(made.createdAtMillis()).isEqualTo(Sample.NOW);
        });
        assertThat(ask(engine, Sample.get("/other")).decision.cause())
                .extracting("source", "policy", "clause", "decisionId", "reason", "observed", "policies")
                .containsExactly(
                        "local",
                        "p",
                        "burst",
                        kept().get(0).decisionId(),
                        "Too fast: 3 or more in 10 s",
                        null,
                        engine.policies().hash());
    }

    @Test
    void theRequestThatTrippedItSaysTheSameIdAsThoseThatMeetIt() {
        PolicyEngine engine = engine(BURST);
        ask(engine, Sample.get("/search"));
        ask(engine, Sample.get("/search"));
        assertThat(ask(engine, Sample.get("/search")).decision.cause().decisionId())
                .isNotNull()
                .isEqualTo(ask(engine, Sample.get("/")).decision.cause().decisionId());
    }

    @Test
    void requestsThatMeetItAreNotCountedSoTheVisitorBeginsAnew() {
        PolicyEngine engine = engine(BURST.replace("10 minutes", "5 s"));
        trip(engine, Sample.get("/search"));
        for (int i = 0; i < 5; i++) {
            now.addAndGet(900);
            assertThat(ask(engine, Sample.get("/search")).word()).isEqualTo("block");
        }
        // The hits before the block are ten seconds old and more by then.
        now.addAndGet(6_000);
        assertThat(ask(engine, Sample.get("/search")).word()).isEqualTo("abstained");
    }

    @Test
    void whatIsNotInlineConcernsLaterRequestsOnly() {
        PolicyEngine engine = engine("""
                policies = [ { policy_id = p, clauses = [
                  { match { field = request_path, operator = Eq, value = /trap }
                    mitigation = block, lifetime = 1m, inline = false }
                  { match { field = request_method, operator = Eq, value = POST }, mitigation = block }
                ] } ]
                """);
        assertThat(ask(engine, Sample.get("/trap")).word()).isEqualTo("abstained");
        assertThat(ask(engine, Sample.get("/")).word()).isEqualTo("block");
        Sample.Request other = Sample.get("/trap").from("192.0.2.1").method("POST");
        assertThat(ask(engine, other).decision.cause().clause()).isEqualTo("clause 2");
        assertThat(ask(engine, Sample.get("/").from("192.0.2.1"))
                        .decision
                        .cause()
                        .clause())
                .isEqualTo("clause 1");
    }

    @Test
    void theMitigationsLifetimeHoldsWhereTheClauseSaysNothingElse() {
        PolicyEngine engine = engine("""
                mitigations = [ { mitigation_id = hour, mode = block, lifetime = 1h } ]
                policies = [ { policy_id = p, clauses = [
                  { match { field = request_path, operator = Eq, value = /hour }, mitigation = hour }
                  { match { field = request_path, operator = Eq, value = /second }, mitigation = hour, lifetime = 1s }
                  { match { field = request_path, operator = Eq, value = /once }, mitigation = hour, lifetime = 0s }
                ] } ]
                """);
        ask(engine, Sample.get("/hour").from("192.0.2.1"));
        ask(engine, Sample.get("/second").from("192.0.2.2"));
        assertThat(ask(engine, Sample.get("/once").from("192.0.2.3")).word()).isEqualTo("block");
        assertThat(ask(engine, Sample.get("/").from("192.0.2.3")).word()).isEqualTo("abstained");
        now.addAndGet(1_000);
        assertThat(ask(engine, Sample.get("/").from("192.0.2.1")).word()).isEqualTo("block");
        assertThat(ask(engine, Sample.get("/").from("192.0.2.2")).word()).isEqualTo("abstained");
        now.addAndGet(3_599_000);
        assertThat(ask(engine, Sample.get("/").from("192.0.2.1")).word()).isEqualTo("abstained");
    }

    @Test
    void aWatchedClauseMakesNothingActive() {
        PolicyEngine engine = engine("""
                mitigations = [ { mitigation_id = watch, mode = monitor, lifetime = 1h } ]
                policies = [ { policy_id = p, clauses = [
                  { match { field = request_path, operator = Eq, value = /a }, mitigation = watch }
                  { match { field = request_path, operator = Eq, value = /b }, mitigation = monitor, lifetime = 1h }
                ] } ]
                """);
        assertThat(ask(engine, Sample.get("/a")).decision.cause().observed()).isEqualTo(Action.BLOCK);
        assertThat(ask(engine, Sample.get("/b")).word()).isEqualTo("allow");
        assertThat(ask(engine, Sample.get("/")).word()).isEqualTo("abstained");
        assertThat(kept()).isEmpty();
    }

    @Test
    void ofTwoEntitiesTheBlockCountsWhateverCameFirst() {
        String policies = """
                entities = [ { name = address, key_fields = [client_ip] }, { name = agent, key_fields = [user_agent] } ]
                mitigations = [ { mitigation_id = c, mode = challenge, return_url_template = "/c", lifetime = 1m } ]
                policies = [ { policy_id = p, clauses = [
                  { match { field = request_path, operator = Eq, value = /c }, entity = %s, mitigation = c }
                  { match { field = request_path, operator = Eq, value = /b }, entity = %s, mitigation = block, lifetime = 1m }
                ] } ]
                """;
        for (String[] order : new String[][] {{"address", "agent"}, {"agent", "address"}}) {
            PolicyEngine engine = engine(policies.formatted((Object[]) order));
            String client = order[0].equals("agent") ? "192.0.2.1" : "192.0.2.2";
            assertThat(ask(engine, Sample.get("/b").from("192.0.2.9").with("User-Agent", "a"))
                            .word())
                    .isEqualTo("block");
            ask(engine, Sample.get("/b").from(client).with("User-Agent", "a"));
            active.forEach((key, kept) -> active.remove(key));
            ask(engine, Sample.get("/b").from(client).with("User-Agent", "b"));
            Sample.Request both = Sample.get("/").from(client).with("User-Agent", "b");
            assertThat(ask(engine, both).word()).isEqualTo("block");
            active.forEach((key, kept) -> active.remove(key));
        }
    }

    @Test
    void aBlockIsNotReplacedByAChallengeOfTheSameVisitor() {
        PolicyEngine engine = engine("""
                mitigations = [ { mitigation_id = c, mode = challenge, return_url_template = "/c", lifetime = 1m } ]
                policies = [ { policy_id = p, clauses = [
                  { mitigation = block, lifetime = 1m, inline = false }
                  { mitigation = c }
                ] } ]
                """);
        assertThat(ask(engine, Sample.get("/")).word()).isEqualTo("challenge");
        assertThat(ask(engine, Sample.get("/")).word()).isEqualTo("block");
    }

    @Test
    void aChallengeThatLastsLeavesItsOwnPageReachable() {
        PolicyEngine engine = engine("""
                mitigations = [ { mitigation_id = c, mode = challenge
                  return_url_template = "/check?to={return_url}", lifetime = 1m } ]
                policies = [ { policy_id = p, clauses = [
                  { match { field = request_path, operator = Eq, value = /form }, mitigation = c } ] } ]
                """);
        assertThat(ask(engine, Sample.get("/form")).word()).isEqualTo("challenge");
        assertThat(ask(engine, Sample.get("/check?to=%2Fform")).word()).isEqualTo("abstained");
        assertThat(ask(engine, Sample.get("/checked")).word()).isEqualTo("challenge");
    }

    @Test
    void anEntityIsMetByTheRequestsItIsAboutOnly() {
        PolicyEngine engine = engine("""
                entities = [ { name = post, key_fields = [client_ip]
                  match_expression { field = request_method, operator = Eq, value = POST } } ]
                policies = [ { policy_id = p, clauses = [
                  { match { field = request_path, operator = Eq, value = /a }, entity = post, mitigation = block, lifetime = 1m }
                ] } ]
                """);
        assertThat(ask(engine, Sample.get("/a")).word()).isEqualTo("abstained");
        assertThat(ask(engine, Sample.get("/a").method("POST")).word()).isEqualTo("block");
        assertThat(ask(engine, Sample.get("/b").method("POST")).word()).isEqualTo("block");
        assertThat(ask(engine, Sample.get("/b")).word()).isEqualTo("abstained");
    }

    @Test
    void aFieldThatIsMissingIsAValueLikeAnyOther() {
        PolicyEngine engine = engine("""
                entities = [ { name = agent, key_fields = [user_agent] } ]
                policies = [ { policy_id = p, clauses = [ { entity = agent
                  match { field = request_path, operator = Eq, value = /a }, mitigation = block, lifetime = 1m } ] } ]
                """);
        ask(engine, Sample.get("/a"));
        assertThat(kept()).singleElement().extracting(ActiveMitigation::values).isEqualTo(Map.of());
        assertThat(ask(engine, Sample.get("/")).word()).isEqualTo("block");
        assertThat(ask(engine, Sample.get("/").with("User-Agent", "")).word()).isEqualTo("abstained");
        assertThat(ask(engine, Sample.get("/").with("User-Agent", "x")).word()).isEqualTo("abstained");
    }

    @Test
    void aChallengeWithoutAnyUrlIsAFailureAlsoForThoseWhoMeetIt() {
        PolicyEngine engine = engine("""
                policies = [ { policy_id = p, clauses = [
                  { match { field = request_path, operator = Eq, value = /a }, mitigation = challenge, lifetime = 1m } ] } ]
                """);
        assertThat(ask(engine, Sample.get("/a")).failure).isEqualTo(FailureReason.CHALLENGE_UNUSABLE);
        assertThat(ask(engine, Sample.get("/b")).failure).isEqualTo(FailureReason.CHALLENGE_UNUSABLE);
    }
}
