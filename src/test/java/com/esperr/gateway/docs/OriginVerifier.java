package com.esperr.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.ReceivedRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One of the verifiers of {@code docs/attestation}, run by its interpreter over a list of requests. Immutable. */
record OriginVerifier(Path directory, Map<String, String> environment, List<String> command) {
    /** In place of the host of a request that has none. */
    static final String NO_HOST = "(none)";

    /** What a verifier says of a request that it does not believe. */
    static final String REFUSED = "refused";

    /** A request as an origin sees it, at a time in epoch seconds. */
    record Seen(long now, String method, String host, String target, String header) {
        static Seen of(ReceivedRequest request) {
            String header = request.headers().only("esper-attestation");
            return new Seen(
                    expiry(header) - 30, request.method(), request.headers().only("host"), request.target(), header);
        }

        static long expiry(String header) {
            return Long.parseLong(header.replaceFirst(".*;x=(\\d+);.*", "$1"));
        }

        Seen header(String other) {
            return new Seen(now, method, host, target, other);
        }

        private String line() {
            return String.join("\t", Long.toString(now), method, host, target, header) + "\n";
        }
    }

    /** What it says of each, in order, having seen those before. */
    List<String> judge(String keys, int capacity, List<Seen> requests) throws IOException, InterruptedException {
        List<String> whole = new ArrayList<>(command);
        whole.addAll(List.of(keys, Integer.toString(capacity)));
        StringBuilder lines = new StringBuilder();
        requests.forEach(request -> lines.append(request.line()));
        Path input = Files.writeString(Files.createTempFile(directory, "requests", ".txt"), lines);
        Path output = Files.createTempFile(directory, "answers", ".txt");
        ProcessBuilder builder = new ProcessBuilder(whole)
                .redirectInput(input.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        run(builder, output);
        List<String> answers = Files.readAllLines(output);
        assertThat(answers).as(answers.toString()).hasSameSizeAs(requests);
        return answers;
    }

    /** Runs something that has to end well. */
    static void run(ProcessBuilder builder, Path output) throws IOException, InterruptedException {
        Process process = builder.start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS))
                    .as(builder.command().toString())
                    .isTrue();
            assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        } finally {
            process.destroyForcibly();
        }
    }
}
