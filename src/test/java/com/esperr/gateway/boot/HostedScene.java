package com.esperr.gateway.boot;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.MetricsSnapshot;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A site behind a gateway that challenges everybody on pages of its own. Confined to the thread of the test. */
final class HostedScene implements AutoCloseable {
    static final String INSIDE = "You are inside";
    static final String CHALLENGE = "/.well-known/esper/challenge";
    private static final String PAGE = "<!doctype html><title>shop</title><h1>" + INSIDE
            + "</h1><p id=path></p><script>path.textContent = location.href</script>";

    final TestOrigin origin = TestOrigin.start();
    final TestGateway gateway;

    private HostedScene(Map<String, String> config) {
        origin.otherwise(Behaviours.respond(200, PAGE, "Content-Type: text/html", "Cache-Control: no-store"));
        Map<String, String> all = new HashMap<>(
                Map.of("origin.url", origin.url(), "policies.path", "src/test/resources/config/challenge.conf"));
        all.putAll(config);
        gateway = TestGateway.start(all);
    }

    /** A site with {@code config} over the defaults, path and value in turn. */
    static HostedScene with(String... config) {
        Map<String, String> more = new HashMap<>();
        for (int i = 0; i < config.length; i += 2) {
            more.put(config[i], config[i + 1]);
        }
        return new HostedScene(more);
    }

    /** Where the site is. */
    String url(String target) {
        return "http://127.0.0.1:" + gateway.port() + target;
    }

    /** A number of the funnel, such as {@code solved}. */
    double funnel(String stage, String provider) {
        return metrics().sum("esper_challenges_" + stage + "_total", "provider=" + provider);
    }

    MetricsSnapshot metrics() {
        return gateway.metrics();
    }

    /** What the origin was asked for. */
    List<String> seenByOrigin() {
        return origin.requests().stream().map(request -> request.target()).toList();
    }

    @Override
    public void close() {
        gateway.close();
        origin.close();
    }
}
