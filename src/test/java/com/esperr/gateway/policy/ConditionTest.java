package com.esperr.gateway.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.request.FieldReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every operator over fields that are there, are not there, are Unicode, or are addresses. */
class ConditionTest {
    @TempDir
    Path directory;

    /** present: value of the query parameter q, percent-encoded; the parameter is absent where it says -. */
    @ParameterizedTest
    @CsvSource({
        "equals, red, red, true",
        "equals, red, Red, false",
        "equals, red, -, false",
        "equals, '', '', true",
        "equals, '', -, false",
        "equals, grün, gr%C3%BCn, true",
        "equals, 日本, %E6%97%A5%E6%9C%AC, true",
        "not_equals, red, blue, true",
        "not_equals, red, red, false",
        "not_equals, red, -, true",
        "contains, ed, red, true",
        "contains, ed, blue, false",
        "contains, ed, -, false",
        "contains, 本, %E6%97%A5%E6%9C%AC, true",
        "not_contains, ed, blue, true",
        "not_contains, ed, red, false",
        "not_contains, ed, -, true",
        "contains_any, '[ed,ue]', blue, true",
        "contains_any, '[ed,ue]', green, false",
        "contains_any, '[ed,ue]', -, false",
        "contains_any, '[本,ü]', gr%C3%BCn, true",
        "starts_with, re, red, true",
        "starts_with, ed, red, false",
        "starts_with, re, -, false",
        "starts_with, grü, gr%C3%BCn, true",
        "not_starts_with, re, blue, true",
        "not_starts_with, re, red, false",
        "not_starts_with, re, -, true",
        "ends_with, ed, red, true",
        "ends_with, re, red, false",
        "ends_with, ed, -, false",
        "ends_with, 本, %E6%97%A5%E6%9C%AC, true",
        "not_ends_with, ed, blue, true",
        "not_ends_with, ed, red, false",
        "not_ends_with, ed, -, true",
        "matches_regex, '\"e+\"', reed, true",
        "matches_regex, '\"^e+$\"', reed, false",
        "matches_regex, '\".*\"', -, false",
        "matches_regex, '\"^\\\\pL{2}$\"', %E6%97%A5%E6%9C%AC, true",
        "in, '[red,blue]', red, true",
        "in, '[red,blue]', green, false",
        "in, '[red,blue]', -, false",
        "in, '[red,blue,green,grün,日本]', gr%C3%BCn, true",
        "in, '[red,blue,green,grün,日本]', Green, false",
        "not_in, '[red,blue]', green, true",
        "not_in, '[red,blue]', red, false",
        "not_in, '[red,blue]', -, true",
        "greater_than, 9, 10, true",
        "greater_than, 9, 9, false",
        "greater_than, 9, -, false",
        "greater_than, 9, abc, false",
        "greater_than, 9, '', false",
        "greater_than, -1.5, -1.25, true",
        "greater_than, 9007199254740992, 9007199254740993, true",
        "greater_than_or_equal, 9, 9.0, true",
        "greater_than_or_equal, 9, 8.99, false",
        "greater_than_or_equal, 9, -, false",
        "less_than, 9, 8, true",
        "less_than, 9, 9, false",
        "less_than, 9, -, false",
        "less_than, 9, 1e1, false",
        "less_than_or_equal, 9, 9, true",
        "less_than_or_equal, 9, 10, false",
        "less_than_or_equal, 9, ٣, false",
        "is_present, , red, true",
        "is_present, , '', true",
        "is_present, , -, false",
        "is_not_present, , -, true",
        "is_not_present, , '', false",
        "in_range, '\"10.0.0.0/8\"', 10.1.2.3, true",
        "in_range, '\"10.0.0.0/8\"', 11.1.2.3, false",
        "in_range, '\"10.0.0.0/8\"', nonsense, false",
        "in_range, '\"10.0.0.0/8\"', -, false",
        "in_range, '[\"2001:db8::/32\"]', 2001:db8:1::7, true",
        "in_range, '\"10.0.0.0/8\"', ::ffff:10.1.2.3, true",
        "not_in_range, '\"10.0.0.0/8\"', 11.1.2.3, true",
        "not_in_range, '\"10.0.0.0/8\"', nonsense, true",
        "not_in_range, '\"10.0.0.0/8\"', 10.1.2.3, false",
        "not_in_range, '\"10.0.0.0/8\"', -, true"
    })
    void operators(String operator, String value, String present, boolean expected) {
        String text = value == null ? "" : ", value = " + (value.isEmpty() ? "\"\"" : value);
        Sample.Request request = Sample.get("-".equals(present) ? "/" : "/?q=" + encoded(present));
        assertThat(holds("{ field = \"query_param[q]\", operator = " + operator + text + " }", request))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "in_range, '\"192.0.2.0/24\"', 192.0.2.9, true",
        "in_range, '\"192.0.2.0/24\"', 192.0.3.9, false",
        "in_range, '[\"2001:db8::/32\", loopback]', 2001:db8:ffff::1, true",
        "in_range, '[\"2001:db8::/32\", loopback]', 127.0.0.5, true",
        "in_range, '[\"2001:db8::/32\", loopback]', 2001:db9::1, false",
        "not_in_range, '[private]', 8.8.8.8, true",
        "not_in_range, '[private]', 192.168.1.1, false",
        "equals, '\"192.0.2.9\"', 192.0.2.9, true",
        "equals, '\"2001:DB8:0::1\"', 2001:db8::1, true",
        "equals, '\"::ffff:192.0.2.9\"', 192.0.2.9, true",
        "not_equals, '\"2001:db8::1\"', 2001:db8::2, true",
        "in, '[\"192.0.2.9\",\"2001:db8::1\"]', 2001:db8::1, true",
        "in, '[\"192.0.2.9\",\"2001:db8::1\"]', 192.0.2.8, false",
        "not_in, '[\"192.0.2.9\"]', 192.0.2.8, true",
        "starts_with, '\"192.0.\"', 192.0.2.8, true",
        "is_present, , 192.0.2.8, true"
    })
    void addressesAreComparedAsAddresses(String operator, String value, String client, boolean expected) {
        String text = value == null ? "" : ", value = " + value;
        assertThat(holds(
                        "{ field = client_ip, operator = " + operator + text + " }",
                        Sample.get("/").from(client)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "greater_than, 1999, true",
        "greater_than, 2000, false",
        "greater_than_or_equal, 2000, true",
        "less_than, 2001, true",
        "less_than, 2000, false",
        "less_than_or_equal, 2000, true"
    })
    void timesAreComparedAsTimes(String operator, int year, boolean expected) {
        Sample.Request request = Sample.get("/").at(946_684_800_000L);
        String condition =
                "{ field = observed_at, operator = " + operator + ", value = \"" + year + "-01-01T02:00:00+02:00\" }";
        assertThat(holds(condition, request)).isEqualTo(expected);
        assertThat(holds("{ field = observed_at, operator = starts_with, value = \"2000-01-01T00:\" }", request))
                .isTrue();
    }

    @Test
    void caseCountsUnlessItIsToldNotTo() {
        Sample.Request request = Sample.get("/Shop?q=GR%C3%9CN").with("User-Agent", "BadBot/1");
        String[] insensitive = {
            "field = user_agent, operator = contains, value = bADbOT",
            "field = user_agent, operator = starts_with, value = badBOT",
            "field = user_agent, operator = in, value = [\"badbot/1\"]",
            "field = user_agent, operator = contains_any, value = [x, BADBOT]",
            "field = user_agent, operator = matches_regex, value = \"^badbot\"",
            "field = request_path, operator = equals, value = /sHOP",
            "field = request_path, operator = ends_with, value = hOP",
            "field = request_method, operator = equals, value = get",
            "field = \"query_param[q]\", operator = equals, value = grün"
        };
        for (String comparison : insensitive) {
            assertThat(holds("{ " + comparison + " }", request)).as(comparison).isFalse();
            assertThat(holds("{ " + comparison + ", ignore_case = true }", request))
                    .as(comparison)
                    .isTrue();
        }
    }

    @Test
    void namesOfHeadersIgnoreCaseAndTheirAbsenceIsSeen() {
        Sample.Request request = Sample.get("/").with("X-Probe", "1").with("X-Empty", "");
        assertThat(holds("{ field = \"request_header[x-PROBE]\", operator = Eq, value = 1 }", request))
                .isTrue();
        assertThat(holds("{ field = \"request_header[X-Empty]\", operator = is_present }", request))
                .isTrue();
        assertThat(holds("{ field = \"request_header[x-other]\", operator = is_not_present }", request))
                .isTrue();
        assertThat(holds("{ field = user_agent, operator = is_not_present }", request))
                .isTrue();
    }

    @Test
    void headersAreComparedAsUtf8WhereTheyAreAndAsLatin1WhereTheyAreNot() {
        String utf8 = new String("日本 Ü".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        String condition = "{ field = user_agent, operator = contains, value = ü, ignore_case = true }";
        assertThat(holds(condition, Sample.get("/").with("User-Agent", utf8))).isTrue();
        assertThat(holds(condition, Sample.get("/").with("User-Agent", "\u00fc")))
                .isTrue();
        assertThat(holds(condition, Sample.get("/").with("User-Agent", "u"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Always | true",
                "aLWAYS | true",
                "{ all = [ { field = request_method, operator = Eq, value = GET } ] } | true",
                "{ and = [ { field = request_method, operator = Eq, value = GET },"
                        + " { field = request_path, operator = Eq, value = /x } ] } | false",
                "{ any = [ { field = request_method, operator = Eq, value = POST },"
                        + " { field = request_path, operator = Eq, value = /a } ] } | true",
                "{ or = [ { field = request_method, operator = Eq, value = POST } ] } | false",
                "{ not = { field = request_method, operator = Eq, value = POST } } | true",
                "{ not { not { any = [ { field = request_method, operator = Eq, value = GET } ] } } } | true",
                "{ all = [ { any = [ { field = request_method, operator = Eq, value = POST },"
                        + " { field = request_method, operator = Eq, value = GET } ] },"
                        + " { not { field = cookie[a], operator = is_present } } ] } | true"
            })
    void combinations(String condition, boolean expected) {
        assertThat(holds(condition.replace("cookie[a]", "\"cookie[a]\""), Sample.get("/a")))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "request_method, GET",
        "request_path, /a b",
        "request_host, shop.test",
        "request_header[x-probe], 1",
        "query_param[q], 2",
        "cookie[c], 3",
        "source_id, edge-1",
        "client_ip, 198.51.100.23",
        "user_agent, curl/8",
        "referrer, http://a.test/",
        "body_type, text/plain"
    })
    void everyFieldCanBeRead(String field, String value) {
        Sample.Request request = Sample.get("/a%20b?q=1&q=2")
                .with("X-Probe", "1")
                .with("Cookie", "c=3")
                .with("User-Agent", "curl/8")
                .with("Referer", "http://a.test/")
                .with("Content-Type", "Text/Plain; charset=utf-8");
        assertThat(holds("{ field = \"" + field + "\", operator = equals, value = \"" + value + "\" }", request))
                .isTrue();
    }

    @Test
    void cheapConditionsAreAskedFirst() {
        FieldSlots slots = new FieldSlots();
        Condition condition = new ConditionCompiler(slots)
                .compile(new Expression.All(List.of(
                        comparison("user_agent", Operator.MATCHES_REGEX, "x"),
                        comparison("cookie[c]", Operator.EQUALS, "x"),
                        comparison("user_agent", Operator.CONTAINS, "x"),
                        comparison("client_ip", Operator.IN_RANGE, "10.0.0.0/8"),
                        comparison("request_path", Operator.STARTS_WITH, "/x"),
                        comparison("request_method", Operator.EQUALS, "GET"))));
        assertThat(((Condition.AllOf) condition).parts())
                .extracting(part -> part.getClass().getSimpleName())
                .containsExactly("MethodTest", "PathTest", "AddressTest", "TextTest", "TextTest", "TextTest");
        assertThat(((Condition.AllOf) condition).parts())
                .extracting(Condition::cost)
                .isSorted();
    }

    private static Expression comparison(String field, Operator operator, String value) {
        return new Expression.Comparison(FieldReference.parse(field), operator, List.of(value), false);
    }

    private boolean holds(String condition, Sample.Request request) {
        PolicySet policies = Sample.policies(
                directory,
                "policies = [ { policy_id = p, clauses = [ { match = " + condition + ", mitigation = block } ] } ]");
        return switch (request.ask(Sample.engine(policies)).word()) {
            case "block" -> true;
            case "abstained" -> false;
            default -> throw new AssertionError("neither");
        };
    }

    private static String encoded(String present) {
        return present.replace("٣", "%D9%A3");
    }
}
