package com.esperr.gateway.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Let's Encrypt's ACME server for tests, as the system has it. It really looks whether a name leads to the gateway. */
public final class Pebble implements AutoCloseable {
    private final ChildProcess process;

    private Pebble(ChildProcess process) {
        this.process = process;
    }

    /**
     * Starts one on {@code port}, with a certificate for {@code localhost} in {@code directory}, that looks for names at these
     * ports of this machine.
     *
     * @param dns whom it asks where names lead to
     */
    public static Pebble start(Path directory, int port, int httpPort, int tlsPort, TestDns dns) {
        Path program = Peers.require("pebble");
        try {
            Path config = Files.writeString(directory.resolve("pebble.json"), """
                    { "pebble": {
                      "listenAddress": "127.0.0.1:%d", "managementListenAddress": "127.0.0.1:%d",
                      "certificate": "%s/pebble.pem", "privateKey": "%s/pebble.key",
                      "httpPort": %d, "tlsPort": %d, "ocspResponderURL": "", "externalAccountBindingRequired": false } }
                    """.formatted(
                            port, FreePort.next(), directory, directory, httpPort, tlsPort));
            ProcessBuilder builder =
                    new ProcessBuilder(program.toString(), "-config", config.toString(), "-dnsserver", dns.authority());
            builder.environment().putAll(Map.of("PEBBLE_VA_NOSLEEP", "1", "PEBBLE_WFE_NONCEREJECT", "20"));
            ChildProcess process = ChildProcess.start(builder);
            process.awaitLine(line -> line.contains("ACME directory available at"), Duration.ofSeconds(60));
            return new Pebble(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it said so far. */
    public String output() {
        return process.output();
    }

    @Override
    public void close() {
        process.close();
    }
}
