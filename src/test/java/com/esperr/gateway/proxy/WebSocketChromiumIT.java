package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.http.WebSocketKey;
import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.Browser;
import com.esperr.gateway.testkit.BrowserPage;
import com.esperr.gateway.testkit.Certificates;
import com.esperr.gateway.testkit.OriginExchange;
import com.esperr.gateway.testkit.Peers;
import com.esperr.gateway.testkit.ReceivedRequest;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A browser that has an HTTP/2 connection opens its WebSockets on it (RFC 8441). */
class WebSocketChromiumIT {
    private static final String PAGE = """
            <!doctype html><title>t</title><p id=p></p><script>
            const socket = new WebSocket('wss://' + location.host + '/chat');
            socket.onmessage = message => { p.textContent += message.data };
            socket.onopen = () => socket.send('hello');
            socket.onclose = close => { p.textContent += ' closed ' + close.code };
            </script>""";

    @TempDir
    private Path directory;

    @Test
    void aWebSocketBesideItsPageIsAStreamOfTheSameConnection() {
        Peers.require("chromium");
        X509Bundle issued = Certificates.issued(Certificates.authority(), "localhost");
        Certificates.chain(issued, directory.resolve("a.pem"));
        Certificates.key(issued, directory.resolve("a.key"));
        try (TestOrigin origin = TestOrigin.start();
                TestGateway gateway = TestGateway.start("""
                        listen.tls.certificates = [ { certificate-file = "%1$s/a.pem", key-file = "%1$s/a.key" } ]
                        """.formatted(directory), Map.of("origin.url", origin.url()));
                Browser browser = Browser.start("--ignore-certificate-errors")) {
            origin.on("/page", Behaviours.respond(200, PAGE, "Content-Type: text/html"));
            origin.on("/chat", WebSocketChromiumIT::greet);
            BrowserPage tab = browser.open();

            tab.navigate("https://localhost:" + gateway.port() + "/page");

            tab.awaitText("hi closed 1000");
            ReceivedRequest handshake = origin.requests().stream()
                    .filter(request -> request.target().equals("/chat"))
                    .findFirst()
                    .orElseThrow();
            assertThat(handshake.method()).isEqualTo("GET");
            assertThat(handshake.header("via")).startsWith("2 esper-gateway (");
            assertThat(handshake.header("origin")).startsWith("https://localhost");
            assertThat(gateway.metric("esper_tunnels_opened_total")).isEqualTo(1);
        }
    }

    /** Agrees, says something, and that it is over; chromium looks at every bit of that. */
    private static void greet(OriginExchange exchange) throws IOException, InterruptedException {
        exchange.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: "
                + WebSocketKey.answer(exchange.request().header(WebSocketKey.FIELD)) + "\r\n\r\n");
        exchange.send(new byte[] {(byte) 0x81, 2, 'h', 'i', (byte) 0x88, 2, 3, (byte) 0xe8});
        exchange.holdUntilClosed();
    }
}
