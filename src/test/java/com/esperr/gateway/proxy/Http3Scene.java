package com.esperr.gateway.proxy;

import com.esperr.gateway.testkit.Certificates;
import com.esperr.gateway.testkit.RawHttp3Client;
import com.esperr.gateway.testkit.TestGateway;
import com.esperr.gateway.testkit.TestOrigin;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A {@link Scene} with TLS and HTTP/3. Not thread-safe. */
final class Http3Scene implements AutoCloseable {
    private static final String TLS = """
            listen.tls.certificates = [ { certificate-file = "%1$s/site.pem", key-file = "%1$s/site.key" } ]
            listen.http3.enabled = true
            """;

    final X509Bundle authority = Certificates.authority();
    final X509Bundle certificate;
    final Scene scene;
    final TestOrigin origin;
    final TestGateway gateway;
    final Path directory;

    private Http3Scene(String... keysAndValues) throws IOException {
        directory = Files.createTempDirectory("http3");
        certificate = show("gw.test", "localhost");
        scene = Scene.under(String.format(TLS, directory), keysAndValues);
        origin = scene.origin;
        gateway = scene.gateway;
    }

    /** A scene with these keys, each followed by its value. */
    static Http3Scene with(String... keysAndValues) {
        try {
            return new Http3Scene(keysAndValues);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a new certificate for these names. */
    X509Bundle show(String... names) {
        X509Bundle site = Certificates.issued(authority, names);
        Certificates.chain(site, directory.resolve("site.pem"));
        Certificates.key(site, directory.resolve("site.key"));
        return site;
    }

    /** A connection to the gateway. */
    RawHttp3Client client() {
        return RawHttp3Client.connect(gateway.port());
    }

    @Override
    public void close() {
        scene.close();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
