package com.esperr.gateway.docs;

import com.esperr.gateway.testkit.Peers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The verifier for origins on edge functions, which Node can run as well. */
class AttestationEdgeNodeIT implements VerifierTrial {
    @Override
    public OriginVerifier verifier(Path directory) {
        String program = Peers.require("node").toString();
        return new OriginVerifier(
                directory,
                Map.of(),
                List.of(program, "src/test/resources/attestation/driver.mjs", "docs/platforms/attested.mjs"));
    }
}
