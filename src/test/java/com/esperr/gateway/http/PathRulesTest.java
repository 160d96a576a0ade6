package com.esperr.gateway.http;

import static com.esperr.gateway.http.PathOptions.Treatment.KEEP;
import static com.esperr.gateway.http.PathOptions.Treatment.REFUSE;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathRulesTest {

    private static final PathRules STRICT = new PathRules(PathOptions.STRICT);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/a",
                "/a/",
                "/a/b/c.html",
                "/A/b",
                "/a-b_c~d",
                "/a.b.c/d.e",
                "/app.v1/x",
                "/@scope/name",
                "/a+b",
                "/a:b@c",
                "/v1/x:batch",
                "/a!$&'()*,=",
                "/[x]",
                "/{id}",
                "/a|b",
                "/a^b",
                "/a`b",
                "/a\"b",
                "/<b>",
                "/.well-known",
                "/.a/.b",
                "/..a",
                "/.a.b",
                "/a%20b",
                "/%20a",
                "/caf%C3%A9",
                "/%E2%82%AC",
                "/%F0%9F%98%80",
                "/%23",
                "/a%3Fb",
                "/100%25",
                "/100%25/x",
                "/%25zz",
                "/%25-",
                "/%253",
                "/%25u00",
                "/%7C",
                "/%22",
                "/a%2Cb",
                "/%2B",
                "/%C2%A0",
                "/%EF%BC%8F"
            })
    void leavesANormalPathAsItIs(String path) {
        assertThat(forward(STRICT, path)).isSameAs(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/a/b.html", "/a.b/c-d/", "/x:y@z", "/a..b"})
    void aPlainPathIsDecidedAndForwardedAsTheSameInstance(String path) {
        NormalPath normal = (NormalPath) STRICT.normalise(path);
        assertThat(normal.forward()).isSameAs(path);
        assertThat(normal.decide()).isSameAs(path);
    }

    @ParameterizedTest
    @CsvSource({
        // unreserved characters are decoded
        "/%61dmin, /admin",
        "/%41dmin, /Admin",
        "/%61%64%6d%69%6E, /admin",
        "/%7euser, /~user",
        "/%7Euser, /~user",
        "/a%2Db%2db%5fc%5Fc, /a-b-b_c_c",
        "/a%2Ehtml, /a.html",
        "/%30%39, /09",
        // the others keep their triplet, in upper case
        "/caf%c3%a9, /caf%C3%A9",
        "/%e2%82%ac, /%E2%82%AC",
        "/%f0%9f%98%80, /%F0%9F%98%80",
        "/a%3fb, /a%3Fb",
        "/a%2bb, /a%2Bb",
        "/%7b%7d, /%7B%7D",
        "/%3a, /%3A",
        // dot segments
        "/., /",
        "/./, /",
        "/././., /",
        "/a/., /a/",
        "/a/./b, /a/b",
        "/./a, /a",
        "/a/.., /",
        "/a/../, /",
        "/a/../b, /b",
        "/a/b/.., /a/",
        "/a/b/../, /a/",
        "/a/b/../c, /a/c",
        "/a/b/../../c, /c",
        "/a/b/c/./../../g, /a/g",
        "/a/./../b/, /b/",
        "/%2e, /",
        "/a/%2e%2e/b, /b",
        "/a/%2E./b, /b",
        "/a/.%2e/b, /b",
        "/a/%2e/b, /a/b",
        "/public/%2e%2e/admin, /admin",
        "/public/../admin, /admin",
        "/x/../%61dmin, /admin",
        // runs of slashes
        "//, /",
        "///, /",
        "//a, /a",
        "/a//b, /a/b",
        "/a///b//, /a/b/",
        "//evil.test/x, /evil.test/x",
        "/a//../b, /b",
        "/a/.//b, /a/b",
        "//./a, /a",
        "/proxy/http://x.test/, /proxy/http:/x.test/",
        // names that only begin with dots
        "/.well-known/acme, /.well-known/acme",
        "/a/..b/../c, /a/c",
    })
    void givesEveryPathItsOneForm(String raw, String normal) {
        assertThat(forward(STRICT, raw)).isEqualTo(normal);
        assertThat(forward(STRICT, normal)).isSameAs(normal);
    }

    @ParameterizedTest
    @CsvSource({
        "/caf%C3%A9, /café",
        "/a%20b, /a b",
        "/%23x, /#x",
        "/a%3Fb, /a?b",
        "/100%25, /100%",
        "/%E2%82%AC/x, /€/x",
        "/%F0%9F%98%80, /😀",
        "/%61%2Cb, '/a,b'",
        "/%22%3Cb%3E, '/\"<b>'",
        "/a|b, /a|b",
        "/a%7Cb, /a|b",
    })
    void decidesOnTheDecodedPath(String raw, String decide) {
        assertThat(((NormalPath) STRICT.normalise(raw)).decide()).isEqualTo(decide);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "a NOT_ABSOLUTE",
                "* NOT_ABSOLUTE",
                "http://a/ NOT_ABSOLUTE",
                "%2F NOT_ABSOLUTE",
                "../a NOT_ABSOLUTE",
                "\\a NOT_ABSOLUTE",
                "/a#b FORBIDDEN_CHARACTER",
                "/a?b FORBIDDEN_CHARACTER",
                "/é FORBIDDEN_CHARACTER",
                "/\u0080 FORBIDDEN_CHARACTER",
                "/\u007f FORBIDDEN_CHARACTER",
                "/／ FORBIDDEN_CHARACTER",
                "/\\ BACKSLASH",
                "/a\\b BACKSLASH",
                "/..\\admin BACKSLASH",
                "/a\\..\\admin BACKSLASH",
                "/% MALFORMED_PERCENT",
                "/a%4 MALFORMED_PERCENT",
                "/%zz MALFORMED_PERCENT",
                "/%0g MALFORMED_PERCENT",
                "/%g0 MALFORMED_PERCENT",
                "/%u0041 MALFORMED_PERCENT",
                "/%u002e%u002e/ MALFORMED_PERCENT",
                "/%U002f MALFORMED_PERCENT",
                "/%%41 MALFORMED_PERCENT",
                "/%+1 MALFORMED_PERCENT",
                "/%-1 MALFORMED_PERCENT",
                "/%C3%zz MALFORMED_PERCENT",
                "/%0x MALFORMED_PERCENT",
                "/%00 ENCODED_CONTROL",
                "/admin%00.png ENCODED_CONTROL",
                "/%0a ENCODED_CONTROL",
                "/%0D%0A ENCODED_CONTROL",
                "/%09 ENCODED_CONTROL",
                "/%1f ENCODED_CONTROL",
                "/%7f ENCODED_CONTROL",
                "/%C2%80 ENCODED_CONTROL",
                "/%C2%85 ENCODED_CONTROL",
                "/%c2%9f ENCODED_CONTROL",
                "/a%2fb ENCODED_SLASH",
                "/a%2Fb ENCODED_SLASH",
                "/%2f ENCODED_SLASH",
                "/x/..%2fadmin ENCODED_SLASH",
                "/x/%2e%2e%2fadmin ENCODED_SLASH",
                "/a%5cb ENCODED_BACKSLASH",
                "/x%5C..%5Cadmin ENCODED_BACKSLASH",
                "/%2561dmin DOUBLE_ENCODED",
                "/%252e%252e/admin DOUBLE_ENCODED",
                "/x/..%252fadmin DOUBLE_ENCODED",
                "/%252F DOUBLE_ENCODED",
                "/%255c DOUBLE_ENCODED",
                "/%25252e DOUBLE_ENCODED",
                "/%2500 DOUBLE_ENCODED",
                "/%25%32%65 DOUBLE_ENCODED",
                "/%25%32e DOUBLE_ENCODED",
                "/%252%65 DOUBLE_ENCODED",
                "/%25u002e DOUBLE_ENCODED",
                "/%25%75002f DOUBLE_ENCODED",
                "/%25c0%25af DOUBLE_ENCODED",
                "/100%25ab DOUBLE_ENCODED",
                "/%25zz%2541 DOUBLE_ENCODED",
                "/%80 INVALID_UTF8",
                "/%BF INVALID_UTF8",
                "/%C0%AF INVALID_UTF8",
                "/%c0%ae%c0%ae/ INVALID_UTF8",
                "/%C1%9C INVALID_UTF8",
                "/%E0%80%AF INVALID_UTF8",
                "/%E0%80%80 INVALID_UTF8",
                "/%E0%82%80 INVALID_UTF8",
                "/%E0%9F%BF INVALID_UTF8",
                "/%F0%80%80%AF INVALID_UTF8",
                "/%F0%8F%BF%BF INVALID_UTF8",
                "/%F8%80%80%80%AF INVALID_UTF8",
                "/%FC%80%80%80%80%AF INVALID_UTF8",
                "/%F4%90%80%80 INVALID_UTF8",
                "/%F5%80%80%80 INVALID_UTF8",
                "/%ED%A0%80 INVALID_UTF8",
                "/%ED%BF%BF INVALID_UTF8",
                "/%C3 INVALID_UTF8",
                "/%C3x INVALID_UTF8",
                "/%C3/%A9 INVALID_UTF8",
                "/%C3%41 INVALID_UTF8",
                "/%E2%82 INVALID_UTF8",
                "/%E2%82%C3%A9 INVALID_UTF8",
                "/%FF INVALID_UTF8",
                "/%FE INVALID_UTF8",
                "/caf%E9 INVALID_UTF8",
                "/a;b SEMICOLON",
                "/; SEMICOLON",
                "/admin;x=1 SEMICOLON",
                "/admin;/x SEMICOLON",
                "/..;/admin SEMICOLON",
                "/a;jsessionid=1 SEMICOLON",
                "/admin%3b SEMICOLON",
                "/admin%3Bx SEMICOLON",
                "/admin. TRAILING_DOT_OR_SPACE",
                "/admin./x TRAILING_DOT_OR_SPACE",
                "/admin%2e TRAILING_DOT_OR_SPACE",
                "/admin%20 TRAILING_DOT_OR_SPACE",
                "/admin%20/x TRAILING_DOT_OR_SPACE",
                "/admin.. TRAILING_DOT_OR_SPACE",
                "/admin.%20 TRAILING_DOT_OR_SPACE",
                "/admin%20. TRAILING_DOT_OR_SPACE",
                "/a/... DISGUISED_DOT_SEGMENT",
                "/public/..%2e/%2e%2e/x DISGUISED_DOT_SEGMENT",
                "/.../admin DISGUISED_DOT_SEGMENT",
                "/..%20/admin DISGUISED_DOT_SEGMENT",
                "/.%20 DISGUISED_DOT_SEGMENT",
                "/%20 DISGUISED_DOT_SEGMENT",
                "/a/%20../b DISGUISED_DOT_SEGMENT",
                "/.. ABOVE_ROOT",
                "/../ ABOVE_ROOT",
                "/../admin ABOVE_ROOT",
                "/%2e%2e/admin ABOVE_ROOT",
                "/./.. ABOVE_ROOT",
                "/a/../.. ABOVE_ROOT",
                "/a/../../a ABOVE_ROOT",
                "//../a ABOVE_ROOT",
                "/a/b/../../../c ABOVE_ROOT",
            })
    void refusesWhatTwoReadersReadDifferently(String raw, PathRefusal reason) {
        assertThat(STRICT.normalise(raw)).isEqualTo(reason);
    }

    @Test
    void refusesSpacesAndControls() {
        assertThat(STRICT.normalise("")).isEqualTo(PathRefusal.NOT_ABSOLUTE);
        for (char c = 0; c <= ' '; c++) {
            assertThat(STRICT.normalise("/a" + c)).isEqualTo(PathRefusal.FORBIDDEN_CHARACTER);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/a;b, /a;b, /a;b",
        "/a;jsessionid=1F/b, /a;jsessionid=1F/b, /a;jsessionid=1F/b",
        "/a%3bb, /a%3Bb, /a;b",
        "/a;x/../b, /b, /b",
        "/..;/a, DISGUISED_DOT_SEGMENT, ",
        "/a/.;x/b, DISGUISED_DOT_SEGMENT, ",
        "/a/..%3Bx/b, DISGUISED_DOT_SEGMENT, ",
        "/a/%2e%2e;x, DISGUISED_DOT_SEGMENT, ",
        "/a/..%20;x, DISGUISED_DOT_SEGMENT, ",
        "/a.;x, TRAILING_DOT_OR_SPACE, ",
        "/;x, /;x, /;x",
    })
    void keepsSemicolonsIfTold(String raw, String forward, String decide) {
        assertOutcome(new PathRules(new PathOptions(KEEP, REFUSE, REFUSE, REFUSE)), raw, forward, decide);
    }

    @ParameterizedTest
    @CsvSource({
        "/api/group%2fproject, /api/group%2Fproject, /api/group/project",
        "/@scope%2Fname, /@scope%2Fname, /@scope/name",
        "/admin%2Fusers, /admin%2Fusers, /admin/users",
        "/%2Fadmin, /%2Fadmin, /admin",
        "/%2F%2Fadmin%2F, /%2F%2Fadmin%2F, /admin/",
        "/x/%2f/admin, /x/%2F/admin, /x/admin",
        "/p/https%3A%2F%2Fx.test, /p/https%3A%2F%2Fx.test, /p/https:/x.test",
        "/a%2F../b, DISGUISED_DOT_SEGMENT, ",
        "/x%2f..%2fadmin, DISGUISED_DOT_SEGMENT, ",
        "/x/..%2fadmin, DISGUISED_DOT_SEGMENT, ",
        "/x/.%2fadmin, DISGUISED_DOT_SEGMENT, ",
        "/x%2F%2e%2E, DISGUISED_DOT_SEGMENT, ",
        "/x%2F..%20%2Fa, DISGUISED_DOT_SEGMENT, ",
        "/x.%2Fa, TRAILING_DOT_OR_SPACE, ",
        "/a%252Fb, DOUBLE_ENCODED, ",
        "/a%5Cb, ENCODED_BACKSLASH, ",
    })
    void keepsEncodedSlashesIfToldAndDecidesOnThemAsSlashes(String raw, String forward, String decide) {
        assertOutcome(new PathRules(new PathOptions(REFUSE, KEEP, REFUSE, REFUSE)), raw, forward, decide);
    }

    @ParameterizedTest
    @CsvSource({
        "/job/feature%252ffoo, /job/feature%252ffoo, /job/feature%2ffoo",
        "/100%25ab, /100%25ab, /100%ab",
        "/a%2Fb, ENCODED_SLASH, ",
        "/a%zz, MALFORMED_PERCENT, ",
    })
    void keepsDoubleEncodingIfTold(String raw, String forward, String decide) {
        assertOutcome(new PathRules(new PathOptions(REFUSE, REFUSE, KEEP, REFUSE)), raw, forward, decide);
    }

    @ParameterizedTest
    @CsvSource({
        "/wiki/Acme_Inc., /wiki/Acme_Inc., /wiki/Acme_Inc.",
        "/a%2e/b, /a./b, /a./b",
        "/a%20/b, /a%20/b, /a /b",
        "/..., DISGUISED_DOT_SEGMENT, ",
        "/..%20/a, DISGUISED_DOT_SEGMENT, ",
        "/.%20./a, DISGUISED_DOT_SEGMENT, ",
        "/../a, ABOVE_ROOT, ",
    })
    void keepsTrailingDotsAndSpacesIfTold(String raw, String forward, String decide) {
        assertOutcome(new PathRules(new PathOptions(REFUSE, REFUSE, REFUSE, KEEP)), raw, forward, decide);
    }

    private static void assertOutcome(PathRules rules, String raw, String forward, String decide) {
        PathResult expected = decide == null ? PathRefusal.valueOf(forward) : new NormalPath(forward, decide);
        assertThat(rules.normalise(raw)).isEqualTo(expected);
        if (decide != null) {
            assertThat(forward(rules, forward)).isSameAs(forward);
        }
    }

    private static String forward(PathRules rules, String raw) {
        PathResult result = rules.normalise(raw);
        assertThat(result).as(raw).isInstanceOf(NormalPath.class);
        return ((NormalPath) result).forward();
    }
}
