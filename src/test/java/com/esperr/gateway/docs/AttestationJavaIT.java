package com.esperr.gateway.docs;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The verifier for origins in Java. */
class AttestationJavaIT implements VerifierTrial {
    @Override
    public OriginVerifier verifier(Path directory) throws Exception {
        Path bin = Path.of(System.getProperty("java.home"), "bin");
        Path output = directory.resolve("javac.txt");
        OriginVerifier.run(
                new ProcessBuilder(
                                bin.resolve("javac").toString(),
                                "-Werror",
                                "-Xlint:all",
                                "-d",
                                directory.toString(),
                                "docs/attestation/Attestation.java",
                                "src/test/resources/attestation/Driver.java")
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile()),
                output);
        return new OriginVerifier(
                directory, Map.of(), List.of(bin.resolve("java").toString(), "-cp", directory.toString(), "Driver"));
    }
}
