package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.testkit.OriginExchange;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.RawResponse;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An origin that leads back to the gateway. */
class LoopIT {
    private static final String VIA = "via";

    private static void onward(OriginExchange exchange, int port) throws IOException {
        String via = String.join(", ", exchange.request().headers().all(VIA));
        RawResponse answer = RawClient.exchange(
                port, "GET " + exchange.request().path() + " HTTP/1.1\r\nHost: shop.test\r\nVia: " + via + "\r\n\r\n");
        exchange.send("HTTP/1.1 " + answer.status() + " Said\r\nContent-Length: 0\r\n\r\n");
    }

    @Test
    void whatComesBackAgainAndAgainIsAnswered508() {
        try (TestOrigin origin = TestOrigin.start();
                TestGateway gateway = TestGateway.start(Map.of("origin.url", origin.url()))) {
            origin.on("/round", exchange -> onward(exchange, gateway.port()));
            RawResponse answer = RawClient.exchange(gateway.port(), "GET /round HTTP/1.1\r\nHost: shop.test\r\n\r\n");
            assertThat(answer.status()).isEqualTo(508);
            assertThat(origin.requests()).hasSize(4);
            assertThat(gateway.failures(FailureReason.LOOP)).isEqualTo(1);
            String told = origin.requests().get(3).header(VIA);
            String mark = told.substring(told.indexOf('('), told.indexOf(')') + 1);
            assertThat(answer.headers().toString()).as("no visitor learns it").doesNotContain(mark);
        }
    }
}
