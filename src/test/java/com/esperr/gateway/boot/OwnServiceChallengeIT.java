package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.ChallengeForm;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import com.esperr.gateway.testkit.TestService;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gateway before our own decision service, both as they are: its page, its proofs, which count once, and our passes. */
class OwnServiceChallengeIT {
    @TempDir
    private Path directory;

    private TestGateway gateway(TestOrigin origin, TestService service, String tenant, String mode) {
        return TestGateway.start(Map.of(
                "mode",
                mode,
                "origin.url",
                origin.url(),
                "esper.api-url",
                service.url(),
                "esper.api-key",
                service.key(tenant),
                "esper.connect-timeout",
                "20s",
                "decision.timeout",
                "20s"));
    }

    private static RawResponse press(TestService service, String challenge) {
        URI page = URI.create(challenge);
        int port = URI.create(service.url()).getPort();
        String host = " HTTP/1.1\r\nHost: " + page.getAuthority() + "\r\n";
        String form = ChallengeForm.pressed(RawClient.exchange(port, "GET " + page.getPath() + host + "\r\n")
                .bodyText());
        return RawClient.exchange(
                port, "POST " + page.getPath() + host + "Content-Length: " + form.length() + "\r\n\r\n" + form);
    }

    /** What a browser asks for when it is sent to an URL of the shop. */
    private static String target(String location) {
        assertThat(location).startsWith("http://shop.test/");
        return location.substring("http://shop.test".length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"cloud", "hybrid"})
    void whoPressesTheButtonIsLetIn(String mode) {
        try (TestOrigin origin = TestOrigin.start();
                TestService service = TestService.start(directory, Map.of());
                TestGateway gateway = gateway(origin, service, "shop", mode)) {
            Browser browser = Browser.at(gateway.port());
            RawResponse challenged = browser.visit("/login?step=2");
            assertThat(challenged.status()).isEqualTo(302);
            RawResponse passed = press(service, challenged.header("location"));
            assertThat(passed.status()).isEqualTo(303);
            RawResponse admitted = browser.visit(target(passed.header("location")));
            assertThat(admitted.headers().only("location")).isEqualTo("/login?step=2");
            assertThat(browser.visit("/login?step=2").bodyText()).isEqualTo("GET /login?step=2\n");
            assertThat(browser.visit("/login").status()).isEqualTo(200);
            // The proof has been used, so nobody else gets anything for it.
            RawResponse thief = Browser.at(gateway.port()).visit(target(passed.header("location")));
            assertThat(thief.header("esper-mitigated")).isEqualTo("challenge");
        }
    }

    @Test
    void theProofOfAnotherTenantIsWorthNothing() {
        try (TestOrigin origin = TestOrigin.start();
                TestService service = TestService.start(directory, Map.of());
                TestGateway shop = gateway(origin, service, "shop", "cloud");
                TestGateway bank = gateway(origin, service, "bank", "cloud")) {
            RawResponse challenged = Browser.at(bank.port()).visit("/login");
            RawResponse passed = press(service, challenged.header("location"));
            RawResponse answer = Browser.at(shop.port()).visit(target(passed.header("location")));
            assertThat(answer.header("esper-mitigated")).isEqualTo("challenge");
            assertThat(shop.metrics().sum("esper_proofs_total", "result=invalid"))
                    .isEqualTo(1);
        }
    }
}
