package com.esperr.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.NodeProgram;
import com.esperr.gateway.testkit.TestService;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CrowdSec's own bouncer for Node.js enforces what is active here. */
class BouncerNodeIT {
    private static final String PACKAGE = "@crowdsec/nodejs-bouncer@0.2.0";

    @TempDir
    private Path directory;

    @Test
    void itBansAndAsksWhomTheServiceSays() {
        try (TestService service = TestService.start(directory, BouncerPolicies.HOCON, Map.of())) {
            BouncerPolicies.visit(service, "shop", "198.51.100.7", "/block");
            BouncerPolicies.visit(service, "shop", "198.51.100.8", "/ask");
            try (NodeProgram node = NodeProgram.start(
                    PACKAGE,
                    "bouncer.mjs",
                    service.url(),
                    service.key("shop"),
                    "198.51.100.7",
                    "198.51.100.8",
                    "198.51.100.9")) {
                assertThat(node.awaitEnd())
                        .contains(
                                "health OK",
                                "told 2 0",
                                "told again 0 0",
                                "streamed 198.51.100.7 ban",
                                "streamed 198.51.100.8 captcha",
                                "streamed 198.51.100.9 bypass",
                                "asked 198.51.100.7 ban",
                                "asked 198.51.100.8 captcha",
                                "asked 198.51.100.9 bypass",
                                "metrics taken",
                                "wrong key INVALID_API_TOKEN");
            }
        }
    }
}
