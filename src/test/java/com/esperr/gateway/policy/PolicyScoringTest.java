package com.esperr.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.decision.Action;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Points that add up, and preset monitor. */
class PolicyScoringTest {
    private static final String SCORED = """
            policies = [
              { policy_id = score, name = "Odd visitors"
                scoring { monitor = 10, challenge = 40, block = 80, return_url_template = "/c" %s }
                clauses = [
                  { name = tool, score = 30, match { field = user_agent, operator = contains, value = curl } }
                  { name = "no agent", score = 10, match { field = user_agent, operator = is_not_present } }
                  { name = admin, score = 50, match { field = request_path, operator = starts_with, value = /admin } }
                  { name = known, score = -25, match { field = "cookie[member]", operator = is_present } }
                ] }
              { policy_id = after, priority = 200, clauses = [
                  { match { field = request_path, operator = Eq, value = /after }, mitigation = block } ] }
            ]
            """;

    @TempDir
    Path directory;

    private PolicyEngine engine(String text) {
        return Sample.engine(Sample.policies(directory, text));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "/, browser, -, abstained",
                "/, -, -, allow",
                "/, curl, -, allow",
                "/, curl, member=1, abstained",
                "/admin, browser, -, challenge",
                "/admin, curl, -, block",
                "/admin, curl, member=1, challenge",
                "/admin, browser, member=1, allow",
                "/after, curl, -, block",
            })
    void thresholdsChooseWhatIsDoneWithTheSum(String path, String agent, String cookie, String expected) {
        Sample.Request request = Sample.get(path);
        if (agent != null) {
            request.with("User-Agent", agent);
        }
        if (cookie != null) {
            request.with("Cookie", cookie);
        }
        assertThat(request.ask(engine(SCORED.formatted(""))).word()).isEqualTo(expected);
    }

    @Test
    void theDecisionNamesTheClausesThatAddedPoints() {
        PolicyEngine engine = engine(SCORED.formatted(""));
        assertThat(Sample.get("/admin")
                        .with("User-Agent", "curl")
                        .with("Cookie", "member=1")
                        .ask(engine)
                        .decision
                        .cause())
                .extracting("policy", "clause", "reason", "observed")
                .containsExactly(
                        "score", "tool, admin, known", "Odd visitors: 55 points (tool 30, admin 50, known -25)", null);
        assertThat(Sample.get("/").ask(engine).decision.cause())
                .extracting("clause", "observed")
                .containsExactly("no agent", Action.BLOCK);
    }

    @Test
    void whatThePointsOrderCanLast() {
        PolicyEngine engine = engine("entities = [ { name = address, key_fields = [client_ip] } ]\n"
                + SCORED.formatted(", lifetime = 1m, entity = address"));
        assertThat(Sample.get("/admin").with("User-Agent", "curl").ask(engine).word())
                .isEqualTo("block");
        assertThat(Sample.get("/")
                        .with("User-Agent", "browser")
                        .ask(engine)
                        .decision
                        .cause())
                .extracting("policy", "clause")
                .containsExactly("score", "tool, admin");
        assertThat(Sample.get("/")
                        .from("192.0.2.1")
                        .with("User-Agent", "browser")
                        .ask(engine)
                        .word())
                .isEqualTo("abstained");
    }

    @Test
    void aWindowInsideAScoredClauseCounts() {
        PolicyEngine engine = engine("""
                policies = [ { policy_id = p, scoring { block = 10 }, clauses = [
                  { score = 5 }, { score = 5, window { seconds = 10, threshold = 3 } } ] } ]
                """);
        assertThat(Sample.get("/").ask(engine).word()).isEqualTo("abstained");
        assertThat(Sample.get("/").ask(engine).word()).isEqualTo("abstained");
        assertThat(Sample.get("/").ask(engine).word()).isEqualTo("block");
    }

    @Test
    void pointsOfOnePolicyAreNoneOfAnothers() {
        PolicyEngine engine = engine("""
                policies = [
                  { policy_id = a, scoring { block = 10 }, clauses = [ { score = 9 } ] }
                  { policy_id = b, scoring { block = 10 }, clauses = [ { score = 9 } ] } ]
                """);
        assertThat(Sample.get("/").ask(engine).word()).isEqualTo("abstained");
    }

    @Test
    void presetMonitorObservesItsScopeAndMitigatesNothing() {
        PolicyEngine engine = engine("""
                policies = [
                  { policy_id = all, preset = monitor, scope { field = request_path, operator = starts_with, value = /a } }
                  { policy_id = w, clauses = [
                    { match { field = request_path, operator = Eq, value = /ab }, mitigation = monitor } ] }
                  { policy_id = b, clauses = [
                    { match { field = request_path, operator = Eq, value = /abc }, mitigation = block } ] } ]
                """);
        assertThat(Sample.get("/").ask(engine).word()).isEqualTo("abstained");
        assertThat(Sample.get("/a").ask(engine).decision.cause())
                .extracting("policy", "clause", "observed")
                .containsExactly("all", "monitor", null);
        assertThat(Sample.get("/ab").ask(engine).decision.cause())
                .extracting("policy", "observed")
                .containsExactly("w", Action.BLOCK);
        assertThat(Sample.get("/abc").ask(engine).decision.cause())
                .extracting("policy", "reason")
                .containsExactly("b", null);
        assertThat(engine.results().of("all").observed()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "scoring {}, clauses = [ { score = 1 } ] | scoring: no threshold (expected: at least one of monitor",
                "scoring { block = 10, challenge = 10 }, clauses = [ { score = 1 } ] | scoring.challenge: 10 (expected: less than 10",
                "scoring { block = 0 }, clauses = [ { score = 1 } ] | scoring.block: 0 (expected: 1..1000000)",
                "scoring { block = 1 }, clauses = [ { } ] | clauses[0].score: missing (expected: -1000000..1000000)",
                "scoring { block = 1 }, clauses = [ { score = 1, mitigation = block } ] | clauses[0].mitigation: given (expected: score",
                "scoring { block = 1, entity = nobody }, clauses = [ { score = 1 } ] | scoring.entity: nobody (expected: an entity",
                "scoring { block = 1, return_url_template = /c }, clauses = [ { score = 1 } ] | return_url_template: given (expected: only with a",
                "clauses = [ { score = 1, mitigation = block } ] | clauses[0].score: given (expected: only in a policy with scoring)",
                "preset = monitor, clauses = [ { mitigation = block } ] | clauses: beside preset (expected: one of them)",
                "preset = dance | preset: dance (expected: one of monitor)",
                "clauses = [ { mitigation = block, inline = false } ] | clauses[0].inline: false (expected: true, or a lifetime",
                "clauses = [ { mitigation = block, lifetime = 400d } ] | clauses[0].lifetime: 400d (expected:",
            })
    void whatContradictsItselfIsReported(String policy, String problem) {
        assertThat(Sample.problems(directory, "policies = [ { policy_id = p, " + policy + " } ]"))
                .anySatisfy(line -> assertThat(line).contains(problem));
    }

    @Test
    void theHashChangesWithWhatIsDoneAndNotWithHowItIsWritten() {
        String one = Sample.policies(directory, SCORED.formatted("")).hash();
        assertThat(Sample.policies(directory, SCORED.formatted(", lifetime = 1m"))
                        .hash())
                .isNotEqualTo(one);
        assertThat(Sample.policies(directory, SCORED.formatted(", lifetime = 60s"))
                        .hash())
                .isEqualTo(Sample.policies(directory, SCORED.formatted(", lifetime = 1m"))
                        .hash());
        assertThat(Sample.policies(directory, SCORED.formatted("").replace("score = 30", "score = 31"))
                        .hash())
                .isNotEqualTo(one);
        assertThat(Sample.policies(directory, SCORED.formatted("").replace("block = 80", "block = 81"))
                        .hash())
                .isNotEqualTo(one);
    }
}
