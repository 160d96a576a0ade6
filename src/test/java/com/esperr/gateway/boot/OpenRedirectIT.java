package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.EsperReply;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** No target that a visitor can write makes the redirect behind a passed challenge leave the site. */
class OpenRedirectIT {
    private static final String PROOF = "esper_challenge_proof=good";

    static final List<String> PATHS = List.of(
            "//evil.test",
            "///evil.test",
            "////evil.test",
            "/\\evil.test",
            "/\\\\evil.test",
            "/\\/evil.test",
            "\\\\evil.test",
            "\\/evil.test",
            "/%2Fevil.test",
            "/%2fevil.test",
            "/%2F%2Fevil.test",
            "/%5Cevil.test",
            "/%5cevil.test",
            "/%5C%5Cevil.test",
            "/%5C/evil.test",
            "/%2F%5Cevil.test",
            "/%252Fevil.test",
            "/%255Cevil.test",
            "/%09/evil.test",
            "/%0a/evil.test",
            "/%0d%0aLocation:%20https://evil.test",
            "/%0d%0aSet-Cookie:%20a=b",
            "/%E5%98%8A%E5%98%8Devil",
            "/%00//evil.test",
            "/.//evil.test",
            "/./\\evil.test",
            "/..//evil.test",
            "/../\\evil.test",
            "/a/..//evil.test",
            "/a/../\\evil.test",
            "/a//../..//evil.test",
            "/.%2F/evil.test",
            "/%2e//evil.test",
            "/%2e%2e//evil.test",
            "/%2e%2e%2fevil.test",
            "/a/%2e%2e//evil.test",
            "/..%5Cevil.test",
            "/...//evil.test",
            "/;//evil.test",
            "/;@evil.test",
            "/@evil.test",
            "//@evil.test",
            "//user@evil.test",
            "//user:pw@evil.test",
            "//shop.test@evil.test",
            "//shop.test:80@evil.test",
            "//evil.test:80",
            "//evil.test%2F",
            "//evil.test%23",
            "//evil.test%3F",
            "//[::1]",
            "//127.0.0.1",
            "//2130706433",
            "//0x7f.1",
            "//evil%E3%80%82test",
            "//evil%EF%BC%8Etest",
            "//%65vil.test",
            "//evil.test/..",
            "//evil.test/%2e%2e",
            "///",
            "//",
            "/\\",
            "/",
            "/a",
            "/a/b/",
            "/https://evil.test",
            "/http:/evil.test",
            "/https:evil.test",
            "/javascript:alert(1)",
            "/data:text/html,x",
            "/a:b",
            "/:80/",
            "/:@evil.test",
            "https://evil.test",
            "http://evil.test/",
            "HTTPS://EVIL.TEST/a",
            "http://shop.test@evil.test/",
            "http://user:pw@shop.test/",
            "http://shop.test\\@evil.test/",
            "http://shop.test/",
            "http://shop.test//evil.test",
            "http://shop.test/\\evil.test",
            "http://shop.test:80//evil.test",
            "http://evil.test%2F@shop.test/",
            "http:/evil.test",
            "http:evil.test",
            "http:///evil.test",
            "http:\\\\evil.test",
            "ftp://evil.test/",
            "javascript:alert(1)",
            "javascript://shop.test/%0aalert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "//",
            "evil.test",
            "@evil.test",
            "?a",
            "#a",
            "*",
            "");

    private static final List<String> QUERIES = List.of(
            "a=1",
            "next=https://evil.test",
            "return_url=//evil.test",
            "a=\\\\evil.test",
            "a=%0d%0aLocation:%20//evil.test",
            "//evil.test",
            "\\evil.test",
            "@evil.test",
            "a=%00",
            "a=\"<>^`{|}",
            "a=%zz&b=%",
            "?//evil.test",
            "&&//evil.test&",
            "=",
            ";a=1",
            "esper_challenge_proofs=x",
            "%65sper_challenge_proof",
            "a#//evil.test",
            "a=1\t",
            "a=\u00e9");

    @Test
    void noTargetLeavesTheSite() {
        Set<String> targets = new LinkedHashSet<>();
        PATHS.forEach(path -> targets.add(path + "?" + PROOF));
        PATHS.forEach(path -> targets.add(path + "?" + PROOF + "&next=//evil.test"));
        QUERIES.forEach(query -> targets.add("/a?" + query + "&" + PROOF));
        QUERIES.forEach(query -> targets.add("/a?" + PROOF + "&" + query));
        QUERIES.forEach(query -> targets.add("//evil.test?" + PROOF + "&" + query));
        assertThat(targets).hasSizeGreaterThan(200);
        try (TestOrigin origin = TestOrigin.start();
                TestEsper esper = TestEsper.start();
                TestGateway gateway = TestGateway.start(Map.ofEntries(
                        Map.entry("mode", "cloud"),
                        Map.entry("origin.url", origin.url()),
                        Map.entry("esper.api-url", esper.url()),
                        Map.entry("esper.api-key", TestEsper.API_KEY),
                        Map.entry("paths.semicolon", "keep"),
                        Map.entry("paths.encoded-slash", "keep"),
                        Map.entry("paths.double-encoding", "keep"),
                        Map.entry("paths.trailing-dot-or-space", "keep")))) {
            esper.answerProof(json -> EsperReply.json("{\"valid\":true}"));
            int admitted = 0;
            for (String target : targets) {
                RawResponse answer = RawClient.exchange(
                        gateway.port(), "GET " + target + " HTTP/1.1\r\nHost: shop.test\r\nAccept: text/html\r\n\r\n");
                if (answer.status() != 302) {
                    assertThat(answer.status()).as(target).isIn(200, 400);
                    assertThat(answer.headers().has("location")).isFalse();
                    continue;
                }
                admitted++;
                assertStays(target, answer.headers().only("location"));
                assertThat(answer.headers().all("set-cookie")).hasSize(1);
            }
            assertThat(admitted).isGreaterThan(100);
            assertThat(esper.violations()).isEmpty();
        }
    }

    private static void assertStays(String target, String location) {
        assertThat(location).as(target).startsWith("/").doesNotContain("esper_challenge_proof=");
        // As a browser reads it: backslashes are slashes, tabs and line breaks are nothing.
        String path = location.split("[?#]", 2)[0]
                .replace('\\', '/')
                .replaceAll("[\\t\\r\\n]", "")
                .replace("[", "%5B")
                .replace("]", "%5D");
        assertThat(path).as(target).doesNotStartWith("//");
        assertThat(URI.create("https://shop.test/x").resolve(path).getHost())
                .as(target)
                .isEqualTo("shop.test");
    }
}
