package com.esperr.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.net.HostPort;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GateTest {
    private static final HttpRequest REQUEST = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
    private static final Endpoint ORDINARY = new StartupEndpoint();

    @Test
    void onLoopbackNothingIsAskedFor() {
        Gate gate = gate("127.0.0.1", null);
        assertThat(gate.asks()).isFalse();
        assertThat(gate.unguarded()).isFalse();
        assertThat(gate.refusal(new SessionEndpoint(gate), REQUEST, Caller.NOBODY))
                .isNull();
    }

    @Test
    void whereOthersReachThePortThereIsNoDashboardWithoutAToken() {
        Gate gate = gate("0.0.0.0", null);
        assertThat(gate.unguarded()).isTrue();
        AdminReply refused = gate.refusal(new SessionEndpoint(gate), REQUEST, Caller.NOBODY);
        assertThat(refused).isNotNull();
        assertThat(refused.status()).isEqualTo(403);
        assertThat(gate.refusal(ORDINARY, REQUEST, Caller.NOBODY)).isNull();
    }

    @Test
    void withATokenThereIsOneForWhoeverHasSignedIn() {
        Gate gate = gate("0.0.0.0", "d3c1a9f0e7b64a2298b1c55f");
        assertThat(gate.asks()).isTrue();
        assertThat(gate.unguarded()).isFalse();
        Caller signedIn = new Caller("192.0.2.1", gate.sessions().open(), false);
        assertThat(gate.refusal(ORDINARY, REQUEST, signedIn)).isNull();
        assertThat(gate.refusal(ORDINARY, REQUEST, Caller.NOBODY)).isNotNull();
    }

    private static Gate gate(String host, @Nullable String token) {
        return new Gate(
                new AdminConfig(
                        new HostPort(host, 9901),
                        Set.of(),
                        token == null ? null : OperatorToken.parse(token),
                        new DashboardConfig(true, 2, Duration.ofHours(1))),
                () -> 0);
    }
}
