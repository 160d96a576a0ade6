package com.esperr.gateway.docs;

import com.esperr.gateway.testkit.Peers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The verifier for origins in Go. */
class AttestationGoIT implements VerifierTrial {
    @Override
    public OriginVerifier verifier(Path directory) throws Exception {
        Path go = Peers.require("go");
        Path module = Files.createDirectories(directory.resolve("attestation"));
        Files.copy(Path.of("docs/attestation/attestation.go"), module.resolve("attestation.go"));
        Files.copy(Path.of("src/test/resources/attestation/driver.go"), directory.resolve("main.go"));
        Files.writeString(directory.resolve("go.mod"), "module driver\n\ngo 1.18\n");
        Path output = directory.resolve("build.txt");
        ProcessBuilder build = new ProcessBuilder(go.toString(), "build", "-o", "driver", ".")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        build.environment()
                .putAll(Map.of(
                        "GOCACHE", Path.of("target", "go").toAbsolutePath().toString(),
                        "GOPATH", directory.resolve("path").toString(),
                        "GOPROXY", "off",
                        "GOTOOLCHAIN", "local",
                        "CGO_ENABLED", "0"));
        OriginVerifier.run(build, output);
        return new OriginVerifier(
                directory, Map.of(), List.of(directory.resolve("driver").toString()));
    }
}
