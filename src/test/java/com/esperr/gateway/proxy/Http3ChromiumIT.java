package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.Browser;
import com.esperr.gateway.testkit.BrowserPage;
import com.esperr.gateway.testkit.Peers;
import io.netty.pkitesting.X509Bundle;
import java.security.MessageDigest;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A true browser that speaks HTTP/3 with the gateway. */
class Http3ChromiumIT {
    private static final String PAGE = """
            <!doctype html><title>t</title><p id=p></p><script src=/code.js></script>""";

    private static final String CODE = """
            const protocol = performance.getEntriesByType('navigation')[0].nextHopProtocol;
            fetch('/data', { method: 'POST', body: 'x'.repeat(300000) }).then(r => r.text()).then(text => {
              const last = performance.getEntriesByType('resource').filter(e => e.name.endsWith('/data'))[0];
              p.textContent = 'page ' + protocol + ' data ' + last.nextHopProtocol + ' ' + text;
            });
            """;

    private static final String AGAIN = """
            <!doctype html><title>t</title><p id=p></p><script>
            const protocol = performance.getEntriesByType('navigation')[0].nextHopProtocol;
            if (protocol == 'h3') p.textContent = 'by h3'; else setTimeout(() => location.reload(), 200);
            </script>""";

    @BeforeEach
    void require() {
        Peers.require("chromium");
    }

    private static String spki(X509Bundle certificate) throws Exception {
        byte[] key = certificate.getCertificate().getPublicKey().getEncoded();
        return Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
    }

    private static void serve(Http3Scene scene) {
        scene.origin.on("/page", Behaviours.respond(200, PAGE, "Content-Type: text/html", "Cache-Control: no-store"));
        scene.origin.on("/code.js", Behaviours.respond(200, CODE, "Content-Type: text/javascript"));
        scene.origin.on("/data", Behaviours.respond(200, "from the origin", "Content-Type: text/plain"));
    }

    @Test
    void aBrowserThatIsToldToSpeaksIt() throws Exception {
        try (Http3Scene scene = Http3Scene.with()) {
            String trust = spki(scene.certificate);
            serve(scene);
            String host = "gw.test:" + scene.gateway.port();
            try (Browser browser = Browser.withQuic(
                    "--host-resolver-rules=MAP gw.test 127.0.0.1",
                    "--origin-to-force-quic-on=" + host,
                    "--ignore-certificate-errors-spki-list=" + trust)) {
                BrowserPage tab = browser.open();
                tab.navigate("https://" + host + "/page");
                tab.awaitText("page h3 data h3 from the origin");
            }
            assertThat(scene.gateway.metric("esper_http3_requests_total")).isGreaterThanOrEqualTo(3);
        }
    }

    /** It begins with HTTP/2, reads there that there is more, and goes over as soon as that works (RFC 7838). */
    @Test
    void aBrowserThatReadsThatItMayGoesOver() throws Exception {
        try (Http3Scene scene = Http3Scene.with()) {
            scene.origin.on(
                    "/again", Behaviours.respond(200, AGAIN, "Content-Type: text/html", "Cache-Control: no-store"));
            // Not this origin, only a name whose authority need not be one of the browser's own.
            try (Browser browser = Browser.withQuic(
                    "--host-resolver-rules=MAP gw.test 127.0.0.1",
                    "--origin-to-force-quic-on=gw.test:1",
                    "--ignore-certificate-errors-spki-list=" + spki(scene.certificate))) {
                BrowserPage tab = browser.open();
                tab.navigate("https://gw.test:" + scene.gateway.port() + "/again");
                tab.awaitText("by h3");
            }
            assertThat(scene.origin.requests().get(0).header("via")).startsWith("2 ");
            assertThat(scene.gateway.metric("esper_http3_requests_total")).isPositive();
        }
    }
}
