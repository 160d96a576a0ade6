package com.esperr.gateway.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.TestOrigin;
import com.esperr.gateway.transport.CallFailure.Kind;
import com.esperr.gateway.transport.LoopCaller.Outcome;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpClientTlsIT {
    private static final CountDownLatch OPEN = new CountDownLatch(0);

    @TempDir
    Path directory;

    @Test
    void aServiceWithATrustedCertificateForItsNameIsCalled() throws Exception {
        X509Bundle authority = authority();
        try (TlsServer server = new TlsServer(identity(authority, "localhost"), OPEN);
                LoopCaller caller = caller("localhost", server, trusting(authority))) {
            assertThat(caller.call("x").body()).isEqualTo("ok");
            assertThat(caller.call("x").body()).isEqualTo("ok");
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void aCertificateForAnotherNameIsRefused() throws Exception {
        X509Bundle authority = authority();
        try (TlsServer server = new TlsServer(identity(authority, "other.test"), OPEN);
                LoopCaller caller = caller("localhost", server, trusting(authority))) {
            assertRefused(caller.call("x"));
        }
    }

    @Test
    void aCertificateForAnAddressIsOneForThatAddressOnly() throws Exception {
        X509Bundle authority = authority();
        try (TlsServer server = new TlsServer(identity(authority, "localhost"), OPEN);
                LoopCaller caller = caller("127.0.0.1", server, trusting(authority))) {
            assertRefused(caller.call("x"));
        }
    }

    @Test
    void anUnknownAuthorityIsRefused() throws Exception {
        try (TlsServer server = new TlsServer(identity(authority(), "localhost"), OPEN);
                LoopCaller own = caller("localhost", server, trusting(authority()));
                LoopCaller system = caller("localhost", server, null)) {
            assertRefused(own.call("x"));
            assertRefused(system.call("x"));
        }
    }

    @Test
    void aHandshakeOutlivesTheCallItWasBegunForAndServesTheNext() throws Exception {
        X509Bundle authority = authority();
        CountDownLatch mayShakeHands = new CountDownLatch(1);
        try (TlsServer server = new TlsServer(identity(authority, "localhost"), mayShakeHands);
                LoopCaller caller = caller("localhost", server, trusting(authority))) {
            Outcome first = LoopCaller.await(caller.begin(out -> out.write('x'), Duration.ofMillis(50)).outcome);
            assertThat(first.kind()).isEqualTo(Kind.TIMEOUT);
            mayShakeHands.countDown();
            await().until(() -> caller.client().connectionsIdle() == 1);
            assertThat(caller.call("x").body()).isEqualTo("ok");
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void aServiceThatDoesNotSpeakTlsIsNoConnection() throws IOException {
        try (TestOrigin plain = TestOrigin.start();
                LoopCaller caller =
                        new LoopCaller(LoopCaller.config("https://localhost:" + plain.port(), 4, 4, null))) {
            assertRefused(caller.call("x"));
        }
    }

    @Test
    void aFileWithoutCertificatesIsRefusedAtTheStart() throws IOException {
        Path file = Files.writeString(directory.resolve("empty.pem"), "nothing");
        assertThatThrownBy(() -> ClientTls.context(TlsPeer.trusting(file)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(expected: a PEM file of certificates)");
    }

    private static void assertRefused(Outcome outcome) {
        assertThat(outcome.kind()).isEqualTo(Kind.CONNECT);
        assertThat(outcome.failure().detail()).startsWith("tls: ");
    }

    private static X509Bundle authority() throws Exception {
        return new CertificateBuilder()
                .subject("CN=Test Authority")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    private static X509Bundle identity(X509Bundle authority, String name) throws Exception {
        return new CertificateBuilder()
                .subject("CN=" + name)
                .addSanDnsName(name)
                .buildIssuedBy(authority);
    }

    private Path trusting(X509Bundle authority) throws IOException {
        return Files.writeString(
                Files.createTempFile(directory, "ca", ".pem"), TlsServer.pem(authority.getCertificate()));
    }

    private static LoopCaller caller(String host, TlsServer server, Path caFile) {
        return new LoopCaller(LoopCaller.config("https://" + host + ":" + server.port(), 4, 4, caFile));
    }
}
