package com.esperr.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tests that policies bring along. */
class PolicyTestsTest {
    private static final String POLICIES = """
            actions = [ { action_id = send, expression { field = request_method, operator = Eq, value = POST } } ]
            mitigations = [ { mitigation_id = c, mode = challenge } ]
            policies = [ { policy_id = p, clauses = [
              { name = agent, match { field = user_agent, operator = contains, value = curl }, mitigation = block }
              { name = cookie, match { field = "cookie[a]", operator = Eq, value = b }, mitigation = c }
              { name = host, match { field = request_host, operator = Eq, value = "shop.test" }, mitigation = c }
              { name = query, match { field = "query_param[q]", operator = Eq, value = "x y" }, mitigation = c }
              { name = header, match { field = "request_header[x-a]", operator = Eq, value = b }, mitigation = c }
              { name = route, match { field = "route_param[id]", operator = Eq, value = 7 }, mitigation = c }
              { name = body, match { field = "body[user->email]", operator = ends_with, value = "@bad.test" }, mitigation = c }
              { name = network, match { field = client_ip, operator = in_range, value = "10.0.0.0/8" }, mitigation = c }
              { name = send, actions = [send], mitigation = monitor }
              { name = burst, match { field = request_path, operator = Eq, value = /search }
                window { seconds = 10, threshold = 3 }, mitigation = block }
              { name = trap, match { field = request_path, operator = Eq, value = /trap }
                mitigation = block, lifetime = 1m, inline = false }
            ] } ]
            """;

    @TempDir
    Path directory;

    private List<String> problems(String tests) {
        return Sample.problems(directory, POLICIES + "tests = [\n" + tests + "\n]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "request { user_agent = curl/8 }, expect { action = block, policy = p, clause = agent }",
                "request { headers { User-Agent = curl/8 } }, expect { action = block, clause = agent }",
                "request { cookies { a = b } }, expect { action = challenge, clause = cookie }",
                "request { headers { cookie = \"a=b\" } }, expect { action = challenge, clause = cookie }",
                "request { url = \"https://shop.test/a?b=c\" }, expect { action = challenge, clause = host }",
                "request { headers { host = shop.test } }, expect { action = challenge, clause = host }",
                "request { path = \"/?q=x+y\" }, expect { action = challenge, clause = query }",
                "request { query_params { q = x y } }, expect { action = challenge, clause = query }",
                "request { url = \"https://other.test/?q=x%20y\" }, expect { action = challenge, clause = query }",
                "request { headers { x-a = b } }, expect { action = challenge, clause = header }",
                "request { route_params { id = 7 } }, expect { action = challenge, clause = route }",
                "request { body { \"user->email\" = \"a@bad.test\" } }, expect { action = challenge, clause = body }",
                "request { client_ip = 10.1.2.3 }, expect { action = challenge, clause = network }",
                "request { method = POST }, expect { action = allow, policy = p, clause = send }",
                "request {}, expect { action = allow }",
                "request { path = /search }, repeat = 2, expect { action = allow }",
                "request { path = /search }, repeat = 3, expect { action = block, clause = burst }",
                "request { path = /search }, repeat = 9, every = 5s, expect { action = allow }",
                "request { path = /trap }, expect { action = allow }",
                "request { path = /trap }, repeat = 2, expect { action = block, clause = trap }",
                "request { path = /trap }, repeat = 2, every = 60s, expect { action = allow }",
            })
    void whatIsExpectedIsNoProblem(String test) {
        assertThat(problems("{ " + test + " }")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "request {}, expect { action = block, policy = p, clause = agent }"
                        + "| allow (expected: block by policy p, clause agent)",
                "request { user_agent = curl }, expect { action = allow }"
                        + "| block by policy p, clause agent (expected: allow)",
                "request { user_agent = curl }, expect { action = block, clause = cookie }"
                        + "| block by policy p, clause agent (expected: block by clause cookie)",
                "request { user_agent = curl }, expect { action = block, policy = q }"
                        + "| block by policy p, clause agent (expected: block by policy q)",
            })
    void whatIsNotIsReportedWithItsPlaceAndBothSides(String test, String problem) {
        assertThat(problems("{ name = \"of a kind\", " + test + " }"))
                .containsExactly("policies.conf:19: tests[0] \"of a kind\": " + problem.strip());
    }

    @Test
    void eachTestHasStateOfItsOwn() {
        String test = "{ request { path = /search }, repeat = 2, expect { action = allow } }\n";
        assertThat(problems(test.repeat(5))).isEmpty();
    }

    @Test
    void allFailuresAreReportedAndNothingIsPutInForce() {
        String text = POLICIES + "tests = [ { request {}, expect { action = block } }, "
                + "{ request {}, expect { action = challenge } } ]";
        LoadedPolicies loaded = PolicyLoader.load(List.of(Sample.write(directory, "a.conf", text)));
        assertThat(loaded.problems()).hasSize(2);
        assertThat(loaded.policies()).isSameAs(PolicySet.EMPTY);
        assertThat(loaded.tests()).isEqualTo(2);
    }

    @Test
    void testsAreAboutThePoliciesOfAllFiles() {
        Path tests = Sample.write(directory, "a.conf", "tests = [ { request {}, expect { action = block } } ]");
        Path policies = Sample.write(
                directory, "b.conf", "policies = [ { policy_id = p, clauses = [ { mitigation = block } ] } ]");
        assertThat(PolicyLoader.load(List.of(tests, policies)).problems()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ request {} } | tests[0].expect",
                "{ expect { action = allow }, request { path = a } } | tests[0].request: request.path: not accepted",
                "{ expect { action = allow }, request { client_ip = me } } | request.client_ip: not accepted",
                "{ expect { action = allow }, request { url = shop } } | tests[0].request.url: shop (expected: an absolute",
                "{ expect { action = dance }, request {} } | tests[0].expect.action: dance (expected: one of allow",
                "{ expect { action = allow }, request {}, repeat = 0 } | tests[0].repeat: 0 (expected: 1..10000)",
                "{ expect { action = allow }, request { host = a } } | tests[0].request.host",
            })
    void whatIsNoTestIsReported(String test, String problem) {
        assertThat(problems(test)).anySatisfy(line -> assertThat(line).contains(problem));
    }

    @Test
    void thereIsABoundOnWhatTestsMayCost() {
        String test = "{ request {}, repeat = 10000, expect { action = allow } }\n";
        assertThat(problems(test.repeat(101)))
                .singleElement()
                .asString()
                .contains("tests: 1010000 requests (expected: at most 1000000 in all)");
    }
}
