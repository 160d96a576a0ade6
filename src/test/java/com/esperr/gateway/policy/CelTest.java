package com.esperr.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esperr.gateway.request.BodyFields;
import com.esperr.gateway.request.RequestContext;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CelTest {
    private final LongAdder errors = new LongAdder();

    private boolean ask(String text, RequestContext request) {
        FieldSlots slots = new FieldSlots();
        Condition condition = new ConditionCompiler(slots).compile(new Expression.Cel(CelExpression.parse(text)));
        Countries countries = address -> address.toString().equals("192.0.2.1") ? "DE" : null;
        return condition.matches(new Inputs(request, new Facts(slots.size(), countries, errors)));
    }

    private static RequestContext full() {
        return Sample.get("/shop/a?step=2&next=%C3%BC")
                .from("192.0.2.1")
                .with("User-Agent", "curl/8.7")
                .with("X-Level", "7")
                .with("X-Same", "7")
                .with("Cookie", "sid=abc; theme=dark")
                .with("Content-Type", "application/json")
                .context();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "request_method == 'GET' && request_path.startsWith('/shop')",
                "user_agent.contains('curl')",
                "request_header['X-Level'] == '7'",
                "request_header['x-level'] == request_header['x-same']",
                "request_header.accept == 'x' || request_header['x-level'] == '7'",
                "int(request_header['x-level']) > 6",
                "'x-level' in request_header && !('accept' in request_header)",
                "has(cookie.sid) && !has(cookie.other)",
                "query_param['next'] == 'ü' && query_param.step in ['1', '2']",
                "query_param.exists(name, name == 'step' && query_param[name] == '2')",
                "request_header.exists(name, name.startsWith('x-') && request_header[name] == '7')",
                "size(query_param) == 2 && cookie.size() == 2",
                "user_agent.matches('^curl/[0-9]')",
                "matches(user_agent, 'c.rl') && user_agent.lowerAscii() == 'curl/8.7'",
                "in_range(client_ip, '192.0.2.0/24') && !in_range(client_ip, ['10.0.0.0/8', 'private'])",
                "in_country(client_ip, 'de') && in_country(client_ip, ['FR', 'DE'])",
                "observed_at > timestamp('2026-01-01T00:00:00Z') && observed_at.getFullYear() == 2026",
                "body['user->age'] == '41' && int(body['user->age']) > 40",
                "body_type == 'application/json' && request_host == 'shop.test' && source_id == 'edge-1'",
                "(user_agent.contains('x') ? referrer : request_path) == '/shop/a'",
                "(has(request_header.accept) ? request_header.accept : 'none') == 'none'",
                "['a', 'curl'].exists(referrer, user_agent.contains(referrer))",
                "['a', 'curl'].exists_one(word, user_agent.contains(word))",
                "['a', 'b'].map(word, word + user_agent) == ['acurl/8.7', 'bcurl/8.7']",
                "['a', 'curl'].filter(word, user_agent.contains(word)).size() == 1",
                "true",
                "request_path.endsWith('a') ? true : false",
            })
    void isTrueOfAFullRequest(String text) {
        RequestContext request = full();
        request.bodyFields(new BodyFields(Map.of("body[user->age]", "41"), false));
        assertThat(ask(text, request)).isTrue();
        assertThat(ask("!(" + text + ")", request)).isFalse();
        assertThat(errors.sum()).isZero();
    }

    /** As in condition trees: what is not there makes a comparison false and its opposite true. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    user_agent.contains('x')                              | user_agent == ''
                    user_agent == ''                                      | referrer.startsWith('')
                    request_header['x-a'] == 'b'                          | request_header['x-a'] == request_header['x-a']
                    request_header.accept.contains('a')                   | has(request_header.accept)
                    cookie['a'] in ['', 'b']                              | 'a' in cookie
                    int(query_param['n']) > 1                             | int(query_param['n']) <= 1
                    user_agent.matches('^')                               | in_range(request_header['x-ip'], '0.0.0.0/0')
                    body['user->name'] == 'x'                             | 'user->name' in body
                    ['a'].exists(k, query_param[k] == 'b')                | ['a'].exists(k, k in query_param)
                    size(user_agent) < 100                                | user_agent < 'z'
                    (request_method == 'GET' ? referrer : 'x') == 'x'     | [user_agent] == ['x']
                    ['a'].map(k, k + user_agent).size() == 1              | in_country(client_ip, 'DE')
                    [user_agent, 'b'].exists(word, word == 'b')           | body_type != body_type
                    """)
    void isFalseOfWhatIsNotThere(String first, String second) {
        RequestContext request = Sample.get("/").context();
        for (String text : new String[] {first, second}) {
            boolean opposite = text.contains("!=");
            assertThat(ask(text, request)).as(text).isEqualTo(opposite);
            assertThat(ask("!(" + text + ")", request)).as("not " + text).isEqualTo(!opposite);
        }
        assertThat(ask("user_agent != 'x' && request_header['a'] != 'b' && 'a' != referrer", request))
                .isTrue();
        assertThat(errors.sum()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "int(user_agent) > 1",
                "1 / (size(request_path) - size(request_path)) == 1",
                "['a', 'b'].map(k, query_param[k]).size() == 9",
                "[1,2,3,4,5,6,7,8,9,0].all(a, [1,2,3,4,5,6,7,8,9,0].all(b, [1,2,3,4,5,6,7,8,9,0].all(c,"
                        + " [1,2,3,4,5,6,7,8,9,0].all(d, a + b + c + d < 1000))))",
                "timestamp(user_agent) < observed_at",
            })
    void isFalseAndCountedIfItCannotBeEvaluated(String text) {
        assertThat(ask(text, full())).isFalse();
        assertThat(errors.sum()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    user_agnt == 'x'              | line 1, column 1: undeclared reference to 'user_agnt'
                    request_path == 1             | line 1, column 14: found no matching overload for '_==_'
                    user_agent                    | line 1, column 1: expected type 'bool' but found 'string'
                    user_agent ==                 | line 1, column 14: mismatched input '<EOF>'
                    user_agent.matches('(')       | a regular expression of RE2; missing closing )
                    user_agent.matches(referrer)  | matches takes a text that is written out
                    in_range(client_ip, '10.1')   | 10.1
                    in_range(client_ip, [])       | in_range takes at least one value
                    in_country(client_ip, 'UK')   | UK (expected: a country code of ISO 3166-1 such as DE)
                    size(body) > 1                | body takes a name that is written out
                    body[user_agent] == 'x'       | body takes a name that is written out
                    body.exists(k, k == 'a')      | body takes a name that is written out
                    cookie[''] == 'a'             | cookie takes a name that is not empty
                    @v0 == 'a'                    | line 1, column 1
                    dyn(1)                        | expected type 'bool' but found 'dyn'
                    """)
    void isRefusedWithThePlace(String text, String message) {
        assertThatThrownBy(() -> CelExpression.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void isBounded() {
        assertThatThrownBy(() -> CelExpression.parse("request_path == '" + "a".repeat(2_000) + "'"))
                .hasMessageContaining("2000");
        assertThatThrownBy(() -> CelExpression.parse("(".repeat(100) + "true" + ")".repeat(100)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CelExpression.parse("1" + "+1".repeat(500) + " > 1"))
                .hasMessageContaining("recursion limit");
    }

    @Test
    void oneExpressionAnswersManyThreads() {
        CelExpression expression = CelExpression.parse("user_agent.contains('curl') && ['1', '2'].exists(step,"
                + " query_param[step] == request_header['x-' + step])");
        FieldSlots slots = new FieldSlots();
        Condition condition = new ConditionCompiler(slots).compile(new Expression.Cel(expression));
        long wrong = IntStream.range(0, 4_000)
                .parallel()
                .filter(i -> {
                    RequestContext request = Sample.get("/?2=" + i)
                            .with("User-Agent", i % 3 == 0 ? "wget" : "curl")
                            .with("X-2", Integer.toString(i - i % 2))
                            .context();
                    boolean expected = i % 3 != 0 && i % 2 == 0;
                    return condition.matches(new Inputs(request, slots.size())) != expected;
                })
                .count();
        assertThat(wrong).isZero();
    }

    @Test
    void readsOnlyWhatItNames() {
        assertThat(CelExpression.parse("user_agent == 'x' || cookie.a == request_header['B']")
                        .fields())
                .extracting(Object::toString)
                .containsExactly("user_agent", "cookie[a]", "request_header[b]");
    }
}
