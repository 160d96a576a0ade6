package com.esperr.gateway.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Requests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChallengeUrlTest {
    @Test
    void whatIsFilledInStaysOneValue() {
        RequestContext request =
                Requests.get("/a?b=1&c=%20&esper_challenge_proof=old").context();
        assertThat(ChallengeUrl.parse("/challenge?to={return_url}&ref={reference}")
                        .fill(request))
                .isEqualTo("/challenge?to=https%3A%2F%2Fshop.test%2Fa%3Fb%3D1%26c%3D%2520&ref=" + request.reference());
    }

    @Test
    void aRequestWithoutHostComesBackToItsPath() {
        RequestContext request = Requests.hostless("GET", "/a").context();
        assertThat(ChallengeUrl.parse("/c?to={return_url}").fill(request)).isEqualTo("/c?to=%2Fa");
    }

    @Test
    void aVisitorCannotFillInThePlaceholders() {
        RequestContext request = Requests.get("/%7Breference%7D").context();
        assertThat(ChallengeUrl.parse("/c?to={return_url}&ref=x").fill(request)).doesNotContain(request.reference());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/challenge", "http://c.test", "https://c.test:8443/x?y#z"})
    void pathsAndWebUrlsAreTaken(String text) {
        assertThat(ChallengeUrl.parse(text).template()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "challenge",
                "//evil.test/",
                "/\\evil.test",
                "javascript:alert(1)",
                "ftp://c.test/",
                "https:///x",
                "https://user@c.test/",
                "/a b",
                "/{unknown}",
                "/a\tb",
            })
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> ChallengeUrl.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
