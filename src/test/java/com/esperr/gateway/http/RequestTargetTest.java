package com.esperr.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.http.RequestTarget.AbsoluteForm;
import com.esperr.gateway.http.RequestTarget.AsteriskForm;
import com.esperr.gateway.http.RequestTarget.Malformed;
import com.esperr.gateway.http.RequestTarget.OriginForm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "/, /, -",
                "/a, /a, -",
                "/a?, /a, ''",
                "/a?b=c, /a, b=c",
                "/a?b=c?d=/e, /a, b=c?d=/e",
                "/?%zz&&=, /, %zz&&=",
                "/a%2f..;x\\?\\, /a%2f..;x\\, \\",
                "//host/x, //host/x, -",
                "/http://host/, /http://host/, -",
                "/?, /, ''",
            })
    void splitsPathAndQueryByteForByte(String raw, String path, String query) {
        assertThat(RequestTarget.parse(raw, "GET")).isEqualTo(new OriginForm(path, query));
    }

    @Test
    void aPathWithoutQueryIsTheSameInstance() {
        String raw = "/a/b";
        assertThat(((OriginForm) RequestTarget.parse(raw, "GET")).path()).isSameAs(raw);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "http://Shop.test/a?b, http, shop.test, /a, b",
                "HTTP://shop.test:8080/a, http, shop.test:8080, /a, -",
                "https://shop.test, https, shop.test, /, -",
                "http://shop.test?x=1, http, shop.test, /, x=1",
                "http://shop.test/?, http, shop.test, /, ''",
                "http://[2001:DB8::1]:80/, http, [2001:db8::1]:80, /, -",
                "http://shop.test//x, http, shop.test, //x, -",
                "http://shop.test:/x, http, shop.test, /x, -",
            })
    void splitsTheAbsoluteForm(String raw, String scheme, String authority, String path, String query) {
        assertThat(RequestTarget.parse(raw, "GET"))
                .isEqualTo(new AbsoluteForm(scheme, Authority.parseOrNull(authority), path, query));
    }

    @ParameterizedTest
    @CsvSource({
        "'', EMPTY",
        "a, NO_KNOWN_FORM",
        "a/b, NO_KNOWN_FORM",
        "*, NO_KNOWN_FORM",
        "**, NO_KNOWN_FORM",
        "?a, NO_KNOWN_FORM",
        "shop.test:80, NO_KNOWN_FORM",
        "http:/shop.test/, NO_KNOWN_FORM",
        "ftp://shop.test/, NO_KNOWN_FORM",
        "javascript://shop.test/, NO_KNOWN_FORM",
        "\\\\shop.test/x, NO_KNOWN_FORM",
        "http://, BAD_AUTHORITY",
        "http:///x, BAD_AUTHORITY",
        "http://user@shop.test/, BAD_AUTHORITY",
        "http://user:pw@shop.test/, BAD_AUTHORITY",
        "http://shop.test:0/, BAD_AUTHORITY",
        "http://shop.test:65536/, BAD_AUTHORITY",
        "http://shop.test:80x/, BAD_AUTHORITY",
        "http://shop.test:80:80/, BAD_AUTHORITY",
        "http://shop.test\\@evil.test/, BAD_AUTHORITY",
        "http://sh%6fp.test/, BAD_AUTHORITY",
        "http://[fe80::1%25eth0]/, BAD_AUTHORITY",
        "http://[::1/, BAD_AUTHORITY",
        "/a#b, FRAGMENT",
        "/#, FRAGMENT",
        "/a?b#c, FRAGMENT",
        "/é, FORBIDDEN_CHARACTER",
        "/a b, FORBIDDEN_CHARACTER",
        "/?q=ü, FORBIDDEN_CHARACTER",
        "/a HTTP/1.1, FORBIDDEN_CHARACTER",
    })
    void refusesEverythingElse(String raw, Malformed reason) {
        assertThat(RequestTarget.parse(raw, "GET")).isEqualTo(reason);
    }

    @Test
    void refusesEveryControlInPathAndQuery() {
        for (char c = 0; c < 0x100; c++) {
            if (c <= ' ' || c >= 0x7f) {
                assertThat(RequestTarget.parse("/a" + c, "GET")).isEqualTo(Malformed.FORBIDDEN_CHARACTER);
                assertThat(RequestTarget.parse("/a?" + c, "GET")).isEqualTo(Malformed.FORBIDDEN_CHARACTER);
            }
        }
    }

    @Test
    void knowsTheWholeServer() {
        assertThat(RequestTarget.parse("*", "OPTIONS")).isEqualTo(new AsteriskForm(null));
        assertThat(RequestTarget.parse("http://shop.test:81", "OPTIONS"))
                .isEqualTo(new AsteriskForm(new Authority("shop.test", 81)));
        assertThat(RequestTarget.parse("http://shop.test/", "OPTIONS")).isInstanceOf(AbsoluteForm.class);
    }

    @ParameterizedTest
    @CsvSource({
        "shop.test, shop.test",
        "SHOP.Test, shop.test",
        "shop.test., shop.test",
        "shop.test:80, shop.test:80",
        "shop.test.:80, shop.test:80",
        "shop.test:, shop.test",
        "a_b-c, a_b-c",
        "127.0.0.1:1, 127.0.0.1:1",
        "[::1], [::1]",
        "[2001:DB8::A]:65535, [2001:db8::a]:65535",
        "[::ffff:1.2.3.4], [::ffff:1.2.3.4]",
        "x:00080, x:80",
    })
    void readsAHostHeader(String text, String canonical) {
        assertThat(Authority.parseOrNull(text)).hasToString(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                ".a",
                "a..b",
                ":",
                ":80",
                "a:0",
                "a:-1",
                "a:+80",
                "a:65536",
                "a:999999",
                "a: 80",
                "a:80 ",
                "a b",
                "a,b",
                "a/b",
                "a\\b",
                "a@b",
                "a#b",
                "a?b",
                "a%41",
                "ä.test",
                "[",
                "]",
                "[]",
                "[]:80",
                "[::1",
                "::1",
                "[::1]80",
                "[::1]x",
                "[:1]",
                "[1.2.3.4]",
                "[fe80::1%eth0]",
                "[v1.x]",
                "[::1]]",
                "[[::1]]",
                "[1:2:3:4:5:6:7:8:9]",
                "a:80:80",
                "a\tb",
                "a\"b",
                "<a>",
                "a;b",
                "a&b",
                "a=b",
                "*",
                "a*"
            })
    void refusesWhatIsNoHostHeader(String text) {
        assertThat(Authority.parseOrNull(text)).isNull();
    }

    @Test
    void hostsAgreeIfTheirPortsMeanTheSame() {
        Authority plain = new Authority("shop.test", Authority.NO_PORT);
        assertThat(plain.sameAs(new Authority("shop.test", 80), 80)).isTrue();
        assertThat(plain.sameAs(new Authority("shop.test", 81), 80)).isFalse();
        assertThat(plain.sameAs(new Authority("shop.test", 80), 443)).isFalse();
        assertThat(plain.sameAs(new Authority("evil.test", 80), 80)).isFalse();
    }
}
