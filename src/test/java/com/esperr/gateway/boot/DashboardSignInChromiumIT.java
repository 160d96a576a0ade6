package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.FreePort;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestGateway;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who gets to the dashboard, and what pages of others can do to it, in a real browser. */
class DashboardSignInChromiumIT {
    private static final String SIGN_IN = "!document.getElementById('sign-in').hidden";

    @Test
    void theTokenOpensItAndSigningOutShutsIt() {
        try (DashboardScene scene = DashboardScene.with("admin.token", DashboardScene.TOKEN)) {
            scene.page.navigate(scene.admin() + "/dashboard");
            scene.page.awaitTrue(SIGN_IN);
            scene.page.awaitTrue("document.activeElement.id === 'token'");
            scene.type("#token", "not the token at all");
            scene.page.press("Enter");
            scene.page.awaitText("That is not the token.");
            assertThat(scene.browser.cookies()).isEmpty();

            scene.type("#token", DashboardScene.TOKEN);
            scene.page.press("Enter");
            scene.awaitLive();
            assertThat(scene.browser.cookies()).containsOnlyKeys("esper_operator");
            assertThat(scene.page.evaluate("document.cookie").asText()).isEmpty();
            assertThat(scene.page
                            .evaluate("JSON.stringify({ ...localStorage, ...sessionStorage })")
                            .asText())
                    .doesNotContain(DashboardScene.TOKEN);

            scene.page.reload();
            scene.awaitLive();
            scene.click("#sign-out");
            scene.page.awaitTrue(SIGN_IN);
            assertThat(scene.browser.cookies()).isEmpty();
            assertThat(scene.page
                            .evaluate("fetch('/mitigations').then(answer => answer.status)")
                            .asInt())
                    .isEqualTo(401);
        }
    }

    @Test
    void aSessionThatEndsElsewhereEndsHereAsWell() {
        try (DashboardScene scene = DashboardScene.with("admin.token", DashboardScene.TOKEN)) {
            scene.page.navigate(scene.admin() + "/dashboard");
            scene.page.awaitTrue(SIGN_IN);
            scene.type("#token", DashboardScene.TOKEN);
            scene.page.press("Enter");
            scene.awaitLive();
            String cookie = scene.browser.cookies().get("esper_operator");
            String out =
                    "DELETE /dashboard/session HTTP/1.1\r\nHost: localhost\r\nX-Esper-Operator: ada\r\nCookie: esper_operator="
                            + cookie + "\r\n\r\n";
            assertThat(RawClient.exchange(scene.gateway.adminPort(), out).status())
                    .isEqualTo(200);
            scene.page.awaitTrue(SIGN_IN);
        }
    }

    /** The application behind the gateway is the same site as the operator port, so the cookie comes along. */
    @Test
    void aPageOnAnotherPortCanNeitherOrderNorReadAnything() {
        try (DashboardScene scene = DashboardScene.with()) {
            scene.open();
            String order =
                    "{\"entity\":\"address\",\"fields\":{\"client_ip\":\"198.51.100.77\"},\"decision\":\"block\",\"lifetime_seconds\":60}";
            scene.origin.on(
                    "/evil",
                    Behaviours.respond(
                            200,
                            "<!doctype html><title>evil</title><iframe id=f name=f></iframe>",
                            "Content-Type: text/html"));
            scene.page.navigate("http://127.0.0.1:" + scene.gateway.port() + "/evil");
            for (String mode : List.of("no-cors", "cors")) {
                String result = scene.page
                        .evaluate("fetch('" + scene.admin() + "/mitigations', { method: 'POST', mode: '" + mode
                                + "', credentials: 'include', headers: "
                                + (mode.equals("cors") ? "{ 'X-Esper-Operator': 'eve' }" : "{}")
                                + ", body: '" + order + "' }).then(answer => answer.type, failed => 'failed')")
                        .asText();
                assertThat(result).isIn("opaque", "failed");
            }
            scene.page.evaluate(
                    "(() => { const form = document.createElement('form'); form.method = 'POST'; form.target = 'f';"
                            + " form.action = '" + scene.admin()
                            + "/mitigations'; document.body.append(form); form.submit(); })()");
            assertThat(scene.page
                            .evaluate("new Promise(done => { const events = new EventSource('" + scene.admin()
                                    + "/dashboard/events', { withCredentials: true }); events.onerror = () => { events.close(); done('failed'); };"
                                    + " events.addEventListener('now', () => done('read')); })")
                            .asText())
                    .isEqualTo("failed");
            String list = RawClient.exchange(
                            scene.gateway.adminPort(), "GET /mitigations HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .bodyText();
            assertThat(list).isEmpty();
            assertThat(scene.visit("/", "198.51.100.77", "curl").status()).isEqualTo(200);
        }
    }

    @Test
    void aGatewayThatGoesAwayIsSaidAndFoundAgain() {
        String port = "127.0.0.1:" + FreePort.next();
        try (DashboardScene scene = DashboardScene.with("admin.address", port)) {
            scene.open();
            scene.gateway.close();
            scene.page.awaitTrue("document.getElementById('link').textContent === 'Reconnecting'");
            scene.page.awaitText("The operator port does not answer.");
            assertThat(scene.page.text()).contains("What is shown is of ");
            try (TestGateway again =
                    TestGateway.start(Map.of("origin.url", scene.origin.url(), "admin.address", port))) {
                assertThat(again.adminPort()).isPositive();
                scene.awaitLive();
                scene.page.awaitTrue("document.getElementById('notice').hidden");
                scene.page.awaitText("No policies decide here.");
            }
        }
    }
}
