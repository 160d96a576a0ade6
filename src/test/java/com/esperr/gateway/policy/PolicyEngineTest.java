package com.esperr.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.decision.Decision;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyEngineTest {
    @TempDir
    Path directory;

    private PolicyEngine engine(String policies) {
        return Sample.engine(Sample.policies(directory, policies));
    }

    @Test
    void itHasNoOpinionWhenNothingMatches() {
        PolicyEngine engine = engine("""
                policies = [ { policy_id = p, clauses = [
                  { match { field = request_path, operator = Eq, value = /admin }, mitigation = block }
                ] } ]
                """);
        assertThat(Sample.get("/").ask(engine).word()).isEqualTo("abstained");
        assertThat(Sample.get("/").ask(Sample.engine(PolicySet.EMPTY)).word()).isEqualTo("abstained");
        assertThat(engine.name()).isEqualTo("local");
        assertThat(engine.trouble()).isNull();
    }

    @Test
    void aDecisionSaysWhichClauseMadeItAndIsGivenDuringTheCall() {
        PolicyEngine engine = engine("""
                policies = [ { policy_id = admin, name = "Nobody's business", clauses = [
                  { match { field = request_path, operator = Eq, value = /x }, mitigation = block }
                  { name = door, match { field = request_path, operator = starts_with, value = /admin }, mitigation = block }
                ] } ]
                """);
        Sample.Answer answer = Sample.get("/admin/users").ask(engine);
        assertThat(answer.word()).isEqualTo("block");
        assertThat(answer.pending).isNull();
        assertThat(answer.decision.cause())
                .extracting("source", "policy", "clause", "decisionId", "reason", "failure", "observed")
                .containsExactly("local", "admin", "door", null, "Nobody's business", null, null);
        assertThat(Sample.get("/x").ask(engine).decision.cause().clause()).isEqualTo("clause 1");
    }

    @ParameterizedTest
    @CsvSource({"10, 20, block", "20, 10, challenge", "10, 10, block"})
    void lowerPrioritiesComeFirstAndTheFileDecidesBetweenEqualOnes(int first, int second, String expected) {
        PolicyEngine engine = engine("""
                policies = [
                  { policy_id = a, priority = %d, clauses = [ { mitigation = block } ] }
                  { policy_id = b, priority = %d, clauses = [ { mitigation = c } ] }
                ]
                mitigations = [ { mitigation_id = c, mode = challenge, return_url_template = "/c" } ]
                """.formatted(first, second));
        assertThat(Sample.get("/").ask(engine).word()).isEqualTo(expected);
    }

    @Test
    void theFirstClauseThatEnforcesDecides() {
        PolicyEngine engine = engine("""
                mitigations = [ { mitigation_id = c, mode = challenge, return_url_template = "/c" } ]
                policies = [ { policy_id = p, clauses = [
                  { match { field = request_method, operator = Eq, value = POST }, mitigation = block }
                  { match { field = request_path, operator = Eq, value = /a }, mitigation = c }
                  { mitigation = block }
                ] } ]
                """);
        assertThat(Sample.get("/a").ask(engine).word()).isEqualTo("challenge");
        assertThat(Sample.get("/a").method("POST").ask(engine).word()).isEqualTo("block");
        assertThat(Sample.get("/b").ask(engine).decision.cause().clause()).isEqualTo("clause 3");
    }

    @Test
    void aPolicyOnlyLooksAtItsScope() {
        PolicyEngine engine = engine("""
                policies = [
                  { policy_id = p
                    scope { field = request_host, operator = Eq, value = "other.test" }
                    clauses = [ { mitigation = block } ] }
                  { policy_id = q, scope = Always, clauses = [
                    { match { field = request_path, operator = Eq, value = /q }, mitigation = block } ] }
                ]
                """);
        assertThat(Sample.get("/").ask(engine).word()).isEqualTo("abstained");
        assertThat(Sample.get("/q").ask(engine).decision.cause().policy()).isEqualTo("q");
    }

    @Test
    void everyRequiredActionMustHaveHappened() {
        PolicyEngine engine = engine("""
                actions = [
                  { action_id = login, expression { field = request_path, operator = Eq, value = /login } }
                  { action_id = send, expression { field = request_method, operator = Eq, value = POST } }
                  { action_id = never, enabled = false, expression = Always }
                ]
                policies = [ { policy_id = p, clauses = [
                  { actions = [login, send], mitigation = block }
                  { actions = [send, never], mitigation = block }
                ] } ]
                """);
        assertThat(Sample.get("/login").method("POST").ask(engine).word()).isEqualTo("block");
        assertThat(Sample.get("/login").ask(engine).word()).isEqualTo("abstained");
        assertThat(Sample.get("/").method("POST").ask(engine).word()).isEqualTo("abstained");
    }

    @Test
    void aClauseIsOnlyAboutItsEntity() {
        PolicyEngine engine = engine("""
                entities = [ { name = office, key_fields = [client_ip]
                  match_expression { field = client_ip, operator = in_range, value = "10.0.0.0/8" } } ]
                policies = [ { policy_id = p, clauses = [
                  { entity = office, mitigation = block }
                  { entity = bot-crawlers, mitigation = block }
                ] } ]
                """);
        assertThat(Sample.get("/").from("10.1.2.3").ask(engine).decision.cause().clause())
                .isEqualTo("clause 1");
        assertThat(Sample.get("/").ask(engine).word()).isEqualTo("abstained");
        assertThat(Sample.get("/")
                        .with("User-Agent", "Mozilla/5.0 (compatible; ClaudeBot/1.0)")
                        .ask(engine)
                        .decision
                        .cause()
                        .clause())
                .isEqualTo("clause 2");
    }

    @Test
    void whatIsDisabledDoesNothing() {
        PolicySet policies = Sample.policies(directory, """
                mitigations = [ { mitigation_id = off, mode = block, enabled = false } ]
                policies = [
                  { policy_id = p, enabled = false, clauses = [ { mitigation = block } ] }
                  { policy_id = q, clauses = [ { mitigation = off }, { enabled = false, mitigation = block } ] }
                ]
                """);
        assertThat(policies.count()).isEqualTo(1);
        assertThat(Sample.get("/").ask(Sample.engine(policies)).word()).isEqualTo("abstained");
    }

    @Test
    void monitorNotesTheFirstMatchAndLetsTheEvaluationGoOn() {
        PolicyEngine engine = engine("""
                mitigations = [ { mitigation_id = w, mode = monitor, would = challenge } ]
                policies = [ { policy_id = p, name = "Watching", clauses = [
                  { name = first, mitigation = w }
                  { name = second, mitigation = monitor }
                  { name = third, match { field = request_path, operator = Eq, value = /b }, mitigation = block }
                ] } ]
                """);
        Sample.Answer allowed = Sample.get("/a").ask(engine);
        assertThat(allowed.decision).isInstanceOf(Decision.Allow.class);
        assertThat(allowed.decision.cause())
                .extracting("policy", "clause", "reason", "observed")
                .containsExactly("p", "first", "Watching", Action.CHALLENGE);
        Sample.Answer blocked = Sample.get("/b").ask(engine);
        assertThat(blocked.word()).isEqualTo("block");
        assertThat(blocked.decision.cause())
                .extracting("policy", "clause", "reason", "observed")
                .containsExactly("p", "third", "Watching; monitored p, first", Action.CHALLENGE);
    }

    @Test
    void monitorAloneSaysThatItWouldHaveBlocked() {
        PolicyEngine engine = engine("policies = [ { policy_id = p, clauses = [ { mitigation = monitor } ] } ]");
        assertThat(Sample.get("/").ask(engine).decision.cause().observed()).isEqualTo(Action.BLOCK);
    }

    @Test
    void aChallengeGoesWhereItsMitigationSaysElseToTheChallengeUrl() {
        PolicySet policies = Sample.policies(directory, """
                mitigations = [ { mitigation_id = own, mode = challenge
                  return_url_template = "https://check.test/c?r={return_url}&id={reference}" } ]
                policies = [ { policy_id = p, clauses = [
                  { match { field = request_path, operator = Eq, value = /own }, mitigation = own }
                  { mitigation = challenge }
                ] } ]
                """);
        assertThat(policies.needsChallengeUrl()).isTrue();
        PolicyEngine engine = Sample.engine(policies, Sample.noWindows(), "/gate?to={return_url}");
        Decision.Challenge own = (Decision.Challenge) Sample.get("/own?a=b&c=d").ask(engine).decision;
        assertThat(own.redirectUrl())
                .matches("https://check\\.test/c\\?r=http%3A%2F%2Fshop\\.test%2Fown%3Fa%3Db%26c%3Dd&id=[0-9A-Z]{10}");
        Decision.Challenge other = (Decision.Challenge) Sample.get("/").ask(engine).decision;
        assertThat(other.redirectUrl()).isEqualTo("/gate?to=http%3A%2F%2Fshop.test%2F");
    }

    @Test
    void aChallengeWithoutATargetIsAFailureAndNoAnswer() {
        PolicySet policies = Sample.policies(
                directory, "policies = [ { policy_id = p, clauses = [ { mitigation = challenge } ] } ]");
        Sample.Answer answer = Sample.get("/").ask(Sample.engine(policies));
        assertThat(answer.word()).isEqualTo("challenge_unusable");
        assertThat(answer.detail).contains("p").contains("challenge.url");
    }

    @Test
    void otherPoliciesAreInForceFromTheNextRequestOn() {
        PolicyEngine engine = engine("policies = [ { policy_id = p, clauses = [ { mitigation = block } ] } ]");
        assertThat(Sample.get("/").ask(engine).word()).isEqualTo("block");
        engine.swap(PolicySet.EMPTY);
        assertThat(engine.policies()).isSameAs(PolicySet.EMPTY);
        assertThat(Sample.get("/").ask(engine).word()).isEqualTo("abstained");
    }
}
