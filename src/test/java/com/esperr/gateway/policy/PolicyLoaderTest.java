package com.esperr.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyLoaderTest {
    private static final String PLAIN = """
            # A comment.
            actions = [ { action_id = login, expression { field = request_path, operator = Eq, value = /login } } ]
            entities = [ { name = address, key_fields = [client_ip] } ]
            policies = [
              {
                policy_id = p, name = "One", priority = 10
                clauses = [ {
                  name = c, actions = [login], entity = address, window { seconds = 5, threshold = 7 }, mitigation = block
                  match { all = [ { field = client_ip, operator = NotInRange, value = "10.0.0.0/8" } ] }
                } ]
              }
              { policy_id = q, clauses = [ { mitigation = monitor } ] }
            ]
            """;

    @TempDir
    Path directory;

    @Test
    void filesOfADirectoryAreReadInOrderOfNameAndUseEachOthersDefinitions() throws IOException {
        Sample.write(directory, "20.conf", "policies = [ { policy_id = second, clauses = [ { mitigation = c } ] } ]");
        Sample.write(directory, "10.json", """
                {"policies": [{"policy_id": "first", "clauses": [{"mitigation": "c"}]}],
                 "mitigations": [{"mitigation_id": "c", "mode": "challenge", "return_url_template": "/c"}]}
                """);
        Sample.write(directory, "notes.txt", "not read");
        Sample.write(directory, ".hidden.conf", "not read {");
        Files.createDirectory(directory.resolve("sub.conf"));
        LoadedPolicies loaded = PolicyLoader.load(List.of(directory));
        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.policies().count()).isEqualTo(2);
        assertThat(Sample.get("/")
                        .ask(Sample.engine(loaded.policies()))
                        .decision
                        .cause()
                        .policy())
                .isEqualTo("first");
    }

    @Test
    void whatCannotBeReadIsAProblemAndAnEmptyDirectoryAWarning() throws IOException {
        Path empty = Files.createDirectory(directory.resolve("empty"));
        LoadedPolicies loaded = PolicyLoader.load(List.of(empty, directory.resolve("missing.conf")));
        assertThat(Sample.lines(loaded, directory))
                .containsExactly("missing.conf: no such file (expected: a readable HOCON file)");
        assertThat(loaded.warnings()).containsExactly(empty + ": no policy files (expected: *.conf or *.json)");
        assertThat(PolicyLoader.load(List.of()).policies().count()).isZero();
    }

    @Test
    void problemsOfAllFilesAreReportedAtOnceAndNothingIsPutInForce() {
        Path one = Sample.write(directory, "1.conf", """
                policies = [ { policy_id = p, clauses = [ { mitigation = nothing } ] } ]
                """);
        Path two = Sample.write(directory, "2.conf", """
                policies = [ { policy_id = p, priority = low, clauses = [ { mitigation = block } ] } ]
                """);
        LoadedPolicies loaded = PolicyLoader.load(List.of(one, two));
        assertThat(Sample.lines(loaded, directory))
                .containsExactly(
                        "1.conf:1: policies[0].clauses[0].mitigation: nothing"
                                + " (expected: a mitigation: monitor, challenge, block)",
                        "2.conf:1: policies[0].policy_id: p (expected: a name of its own; taken by 1.conf:1)",
                        "2.conf:1: policies[0].priority: low (expected: 0..1000000)");
        assertThat(loaded.policies()).isSameAs(PolicySet.EMPTY);
    }

    @Test
    void namesThatABrokenFileMayDefineAreNotCalledUnknown() {
        Path broken = Sample.write(directory, "1.conf", "mitigations = [ { mitigation_id = c");
        Path user =
                Sample.write(directory, "2.conf", "policies = [ { policy_id = p, clauses = [ { mitigation = c } ] } ]");
        assertThat(Sample.lines(PolicyLoader.load(List.of(broken, user)), directory))
                .singleElement()
                .asString()
                .startsWith("1.conf:");
    }

    @Test
    void manyKnownNamesAreNotAllListed() {
        StringBuilder text = new StringBuilder("policies = [ { policy_id = p, clauses = [ { mitigation = x } ] } ]\n");
        text.append("mitigations = [\n");
        for (int i = 0; i < 50; i++) {
            text.append("{ mitigation_id = m").append(i).append(", mode = block }\n");
        }
        assertThat(Sample.problems(directory, text.append("]").toString()))
                .singleElement()
                .asString()
                .endsWith("m7, m8…)");
    }

    @Test
    void theHashIsShortAndTheSameEveryTime() {
        String hash = Sample.policies(directory, PLAIN).hash();
        assertThat(hash).matches("[0-9a-f]{12}");
        assertThat(Sample.policies(directory, PLAIN).hash()).isEqualTo(hash);
    }

    @Test
    void theHashDoesNotDependOnHowThingsAreWritten() {
        String json = """
                {"policies": [
                  {"policy_id": "q", "enabled": true, "description": "last", "scope": "Always",
                   "clauses": [{"name": "clause 1", "mitigation": "monitor", "match": "always"}]},
                  {"clauses": [{"mitigation": "block", "name": "c", "actions": "login",
                     "match": {"and": [{"value": ["10.0.0.0/8"], "operator": "not in range", "field": "client_ip"}]},
                     "entity": "address", "window": {"threshold": "7", "seconds": 5}}],
                   "name": "Uno", "policy_id": "p", "priority": 10}
                 ],
                 "mitigations": [{"mitigation_id": "unused", "mode": "block"}],
                 "actions": [{"action_id": "login",
                   "expression": {"field": "request_path", "operator": "equals", "value": "/login", "ignore_case": false}}],
                 "entities": [{"name": "address", "key_fields": "client_ip"}]}
                """;
        assertThat(Sample.policies(directory, json).hash())
                .isEqualTo(Sample.policies(directory, PLAIN).hash());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "value = /login~value = /signin",
                "threshold = 7~threshold = 8",
                "seconds = 5~seconds = 6",
                "mitigation = block~mitigation = challenge",
                "priority = 10~priority = 1000",
                "policy_id = q~policy_id = r",
                "name = c~name = d",
                "[client_ip]~[user_agent]",
                "NotInRange~InRange",
                "policy_id = p,~policy_id = p, enabled = false,",
                "policy_id = p,~policy_id = p, scope { field = user_agent, operator = is_present },",
                "operator = Eq~ignore_case = true, operator = Eq",
                "actions = [login],~"
            })
    void theHashChangesWithWhatIsInForce(String change) {
        String[] sides = change.split("~", 2);
        String changed = PLAIN.replace(sides[0], sides[1]);
        assertThat(changed).isNotEqualTo(PLAIN);
        assertThat(Sample.policies(directory, changed).hash())
                .isNotEqualTo(Sample.policies(directory, PLAIN).hash());
    }

    @Test
    void aTextCannotPassForStructure() {
        String one = "{ any = [ { field = user_agent, operator = contains, value = \"a\\\"),\\\"b\" } ] }";
        String two = "{ any = [ { field = user_agent, operator = contains_any, value = [a, b] } ] }";
        String policy = "policies = [ { policy_id = p, clauses = [ { mitigation = block, match = %s } ] } ]";
        assertThat(Sample.policies(directory, policy.formatted(one)).hash())
                .isNotEqualTo(Sample.policies(directory, policy.formatted(two)).hash());
    }
}
