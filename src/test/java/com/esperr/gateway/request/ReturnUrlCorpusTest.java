package com.esperr.gateway.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is said to be where a visitor comes from, he stays on the site. */
class ReturnUrlCorpusTest {
    private static final RequestContext SITE = Requests.get("/").context();
    private static final List<String> BEGINNINGS = List.of(
            "",
            "/",
            "//",
            "///",
            "/\\",
            "\\",
            "\\\\",
            "\\/",
            "/\t/",
            "/\n/",
            "/\r\n/",
            "\t//",
            " //",
            "/%09/",
            "/%2f",
            "/%5c",
            "/.//",
            "/..//",
            "/a/..//",
            "./",
            "../",
            ";//",
            "@",
            ":",
            "?//",
            "#//",
            "http:",
            "https:",
            "http:/",
            "https:/",
            "http://",
            "https://",
            "HTTPS://",
            "hTtP:\\\\",
            "https:///",
            "https:\\",
            "javascript:",
            "JaVaScRiPt:",
            "java\tscript:",
            "data:",
            "vbscript:",
            "file://",
            "ftp://",
            "blob:https://",
            "about:",
            "view-source:",
            "mailto:",
            "//user@",
            "https://shop.test@",
            "https://shop.test:443@",
            "https://shop.test.",
            "https://shop.test%2f@",
            "https://shop.test\\@",
            "https://shop.test/..//",
            "https://shop.test//",
            "https://shop.test\\\\",
            "https://shop.test:8443/",
            "https://shop.testevil",
            "http://shop.test/",
            "\u3002",
            "\uff0f\uff0f",
            "\u0000//");
    private static final List<String> ENDS =
            List.of("evil.test", "evil.test/", "evil.test%2f..", "[::1]/", "evil\u3002test");

    static Stream<String> hostile() {
        Set<String> all = new LinkedHashSet<>();
        BEGINNINGS.forEach(beginning -> ENDS.forEach(end -> all.add(beginning + end)));
        all.addAll(List.of(
                "",
                " ",
                "%",
                "%zz",
                "/%",
                "/\u00e4",
                "/a b",
                "/a\"b",
                "/<script>",
                "x".repeat(9_000),
                "/" + "/".repeat(9_000)));
        return all.stream();
    }

    @Test
    void theCorpusIsLarge() {
        assertThat(hostile()).hasSizeGreaterThan(300);
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void nobodyIsSentAnywhereElse(String told) {
        assertStays(ReturnUrl.onThisSite(told, SITE));
    }

    @Test
    void norByAnythingThatIsMadeUp() {
        Random random = new Random(7);
        String alphabet = "/\\.:@?#%&;=\t\n\r abehpst025fcFC[]\u0000\u3002\uff0f";
        for (int i = 0; i < 50_000; i++) {
            StringBuilder told = new StringBuilder(random.nextInt(4) == 0 ? "https://shop.test" : "");
            for (int n = random.nextInt(14); n > 0; n--) {
                told.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            assertStays(ReturnUrl.onThisSite(told.toString(), SITE));
        }
    }

    private static void assertStays(String target) {
        assertThat(target)
                .matches("/([!-~&&[^\\\\\"<>^`{|}/]][!-~&&[^\\\\\"<>^`{|}]]*)?")
                .doesNotContain("#");
        // Browsers take brackets in a path, which Java does not.
        String path = target.replace("[", "%5B").replace("]", "%5D");
        URI there = URI.create("https://shop.test/.well-known/esper/challenge").resolve(path);
        assertThat(there.getScheme() + "://" + there.getRawAuthority())
                .as(target)
                .isEqualTo("https://shop.test");
    }
}
