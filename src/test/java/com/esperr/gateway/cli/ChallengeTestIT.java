package com.esperr.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.TestEsper;
import com.esperr.gateway.testkit.TestOrigin;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChallengeTestIT {
    private static Ran test(String... settings) {
        Stream<String> set = Stream.of(settings).flatMap(setting -> Stream.of("--set", setting));
        return Ran.command(Stream.concat(
                        Stream.of("challenge", "test", "--set", "challenge.pass.key=" + "5e".repeat(32)), set)
                .toArray(String[]::new));
    }

    @Test
    void whatNeedsNobodyIsFine() {
        Ran ran = test("challenge.hosted.providers=refresh,proof-of-work,button");
        assertThat(ran.out())
                .isEqualTo(List.of("ok      passes", "ok      refresh", "ok      proof-of-work", "ok      button"));
        assertThat(ran.code()).isZero();
    }

    @Test
    void aVendorThatKnowsTheSecretIsFineAndOneThatDoesNotIsNamed() {
        try (TestOrigin vendor = TestOrigin.start()) {
            vendor.on(
                    "/known",
                    Behaviours.respond(200, "{\"success\":false,\"error-codes\":[\"invalid-input-response\"]}"));
            vendor.on(
                    "/unknown",
                    Behaviours.respond(200, "{\"success\":false,\"error-codes\":[\"invalid-input-secret\"]}"));
            vendor.on("/always", Behaviours.respond(200, "{\"success\":true}"));
            Ran ran = test(
                    "challenge.hosted.providers=turnstile,hcaptcha,recaptcha",
                    "challenge.hosted.turnstile.site-key=a",
                    "challenge.hosted.turnstile.secret=very-secret",
                    "challenge.hosted.turnstile.verify-url=" + vendor.url() + "/known",
                    "challenge.hosted.hcaptcha.site-key=a",
                    "challenge.hosted.hcaptcha.secret=very-secret",
                    "challenge.hosted.hcaptcha.verify-url=" + vendor.url() + "/unknown",
                    "challenge.hosted.recaptcha.site-key=a",
                    "challenge.hosted.recaptcha.secret=very-secret",
                    "challenge.hosted.recaptcha.verify-url=" + vendor.url() + "/always");
            assertThat(ran.out())
                    .isEqualTo(List.of(
                            "ok      passes",
                            "ok      turnstile",
                            "failed  hcaptcha: invalid-input-secret",
                            "failed  recaptcha: a made-up answer counts (expected: keys that are not for tests)"));
            assertThat(ran.code()).isEqualTo(1);
        }
    }

    @Test
    void esperIsAskedWhetherItAcceptsTheKey() {
        try (TestEsper esper = TestEsper.start()) {
            Ran ran = test("esper.api-url=" + esper.url(), "esper.api-key=k", "challenge.hosted.enabled=false");
            assertThat(ran.out()).hasSize(2).anyMatch(line -> line.contains("proofs"));
        }
    }

    @Test
    void aConfigurationThatIsWrongIsSaid() {
        Ran ran = test("challenge.hosted.providers=turnstile");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).anyMatch(line -> line.contains("challenge.hosted.turnstile.secret"));
    }
}
