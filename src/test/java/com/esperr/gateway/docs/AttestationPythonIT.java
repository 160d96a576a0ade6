package com.esperr.gateway.docs;

import com.esperr.gateway.testkit.Peers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The verifier for origins in Python. */
class AttestationPythonIT implements VerifierTrial {
    private static final Path DRIVER = Path.of("src/test/resources/attestation/driver.py");

    @Override
    public OriginVerifier verifier(Path directory) {
        String program = Peers.require("python3").toString();
        return new OriginVerifier(
                directory,
                Map.of(),
                List.of(
                        program,
                        DRIVER.toString(),
                        Path.of("docs/attestation/attestation.py").toString()));
    }
}
