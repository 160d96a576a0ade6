package com.esperr.gateway.listen;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.OpensslAuthority;
import com.esperr.gateway.testkit.Peers;
import com.esperr.gateway.testkit.Shell;
import com.esperr.gateway.testkit.TestGateway;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What testssl.sh says about the listener as it is configured by default. */
class TestsslIT {
    private static final Set<String> FINE = Set.of("OK", "INFO", "LOW");
    /** About the openssl that testssl.sh uses itself. */
    private static final Set<String> ABOUT_ITSELF = Set.of("engine_problem");

    @TempDir
    Path directory;

    @Test
    void nothingAboveLowIsFound() throws Exception {
        String testssl = Peers.require("testssl").toString();
        OpensslAuthority authority = new OpensslAuthority(directory);
        authority.issue("localhost", 9, "");
        try (TestGateway gateway =
                TestGateway.start("""
                listen.tls.certificates = [ { certificate-file = "%1$s/localhost.pem", key-file = "%1$s/localhost.key" } ]
                """.formatted(directory), Map.of("origin.url", "http://127.0.0.1:9"))) {
            String said = Shell.run(
                    testssl + " --quiet --color 0 --warnings batch -n none -p -s -f -S -P -U --add-ca " + directory
                            + "/ca.pem --jsonfile " + directory + "/out.json https://localhost:" + gateway.port(),
                    600);
            JsonNode findings =
                    new ObjectMapper().readTree(directory.resolve("out.json").toFile());
            assertThat(findings.size()).as(said).isGreaterThan(80);
            List<String> bad = new ArrayList<>();
            for (JsonNode finding : findings) {
                if (!FINE.contains(finding.get("severity").asText())
                        && !ABOUT_ITSELF.contains(finding.get("id").asText())) {
                    bad.add(finding.toString());
                }
            }
            assertThat(bad).isEmpty();
        }
    }
}
