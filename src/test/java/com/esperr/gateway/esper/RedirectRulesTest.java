package com.esperr.gateway.esper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedirectRulesTest {
    private static final String GATEWAY = "Shop.test:8080";

    private final RedirectRules rules = RedirectRules.of("api.esperr.com", List.of("Challenge.example"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://api.esperr.com/c/1",
                "https://challenge.esperr.com/?return=https%3A%2F%2Fshop.test%2F#x",
                "HTTPS://CHALLENGE.ESPERR.COM/",
                "http://challenge.esperr.com:8080",
                "https://shop.test/.challenge",
                "https://shop.test:9999/",
                "https://challenge.example/",
            })
    void theApiItsSiblingsTheGatewayAndAllowedHostsMayChallenge(String url) {
        assertThat(rules.objection(url, GATEWAY)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/relative",
                "//challenge.esperr.com/",
                "javascript:alert(1)",
                "data:text/html,x",
                "ftp://api.esperr.com/",
                "https:/api.esperr.com/",
                "https:///api.esperr.com/",
                "https://",
                "https://esperr.com.attacker.test/",
                "https://attackeresperr.com/",
                "https://esperr.com/",
                "https://a.b.esperr.com/",
                "https://.esperr.com/",
                "https://challenge.esperr.com./",
                "https://attacker.test/",
                "https://attacker.test#challenge.esperr.com",
                "https://attacker.test?challenge.esperr.com",
                "https://user@challenge.esperr.com/",
                "https://challenge.esperr.com@attacker.test/",
                "https://challenge.esperr.com:443@attacker.test/",
                "https://attacker.test\\.esperr.com/",
                "https:\\\\attacker.test/",
                "https://challenge.esperr.com\\@attacker.test/",
                "https://challenge.esperr.com:port/",
                "https://challenge.esperr.com:0/",
                "https://challenge.esperr.com/\r\nSet-Cookie: a=b",
                "https://challenge.esperr.com/a b",
                " https://challenge.esperr.com/",
                "https://challenge.esperr.com/\t",
                "https://challenge.esperr.com/\u0000",
                "https://challenge.esperr.com/\u00e9",
                "https://ch\u0430llenge.esperr.com/",
                "https://challenge.esperr.com/\"onload=",
                "https://challenge.esperr.com/<script>",
                "https://challenge%2eesperr.com/",
                "https://[::1]/",
                "https://2130706433/",
            })
    void anythingElseIsNoChallenge(String url) {
        assertThat(rules.objection(url, GATEWAY)).isNotNull().doesNotContain("\r");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, https://10.0.0.2/",
        "127.0.0.1, https://128.0.0.1/",
        "localhost, https://other.localhost/",
        "esperr.com, https://other.com/",
        "esper.co.uk, https://attacker.co.uk/",
        "esper.com.au, https://attacker.com.au/",
    })
    void hostsWithoutNeighboursOfTheSameOwnerHaveNoSiblings(String api, String url) {
        assertThat(RedirectRules.of(api, List.of()).objection(url, GATEWAY)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bad host", "[::1"})
    void anUnknownGatewayHostAllowsNothing(String authority) {
        assertThat(rules.objection("https:///x", authority)).isNotNull();
        assertThat(rules.objection("https://attacker.test/", authority)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {8192, 8193})
    void aUrlHasABound(int length) {
        String start = "https://api.esperr.com/";
        String url = start + "x".repeat(length - start.length());
        assertThat(rules.objection(url, GATEWAY) == null).isEqualTo(length == 8192);
    }
}
