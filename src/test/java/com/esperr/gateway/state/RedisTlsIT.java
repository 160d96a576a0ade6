package com.esperr.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.testkit.FreePort;
import com.esperr.gateway.testkit.RedisServer;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Redis that speaks TLS, with a certificate for one name of an authority that nobody knows unless told. */
class RedisTlsIT {
    @TempDir
    private Path directory;

    private RedisServer server;
    private Path authority;
    private int port;
    private @Nullable RedisStore store;

    @BeforeEach
    void start() throws Exception {
        X509Bundle root = new CertificateBuilder()
                .subject("CN=Test Authority")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        X509Bundle identity = new CertificateBuilder()
                .subject("CN=localhost")
                .addSanDnsName("localhost")
                .buildIssuedBy(root);
        authority = Files.writeString(directory.resolve("ca.pem"), root.getCertificatePEM());
        port = FreePort.next();
        server = RedisServer.start(
                "--tls-port",
                Integer.toString(port),
                "--tls-cert-file",
                Files.writeString(directory.resolve("cert.pem"), identity.getCertificatePEM())
                        .toString(),
                "--tls-key-file",
                Files.writeString(directory.resolve("key.pem"), identity.getPrivateKeyPEM())
                        .toString(),
                "--tls-ca-cert-file",
                authority.toString(),
                "--tls-auth-clients",
                "no");
    }

    @AfterEach
    void stop() {
        if (store != null) {
            store.close();
        }
        server.close();
    }

    private RedisStore open(String url, @Nullable Path authorities) {
        RedisConfig config = new RedisConfig(
                RedisAddress.parse(url),
                "",
                "",
                authorities,
                Duration.ofSeconds(2),
                Duration.ofSeconds(2),
                Duration.ofMillis(10),
                Duration.ofMillis(100),
                10_000,
                "test");
        RedisStore opened = RedisStores.opened(config, System::currentTimeMillis);
        store = opened;
        return opened;
    }

    @Test
    void windowsAndValuesAreSharedOverTls() throws Exception {
        RedisStore opened = open("rediss://localhost:" + port, authority);
        await().atMost(Duration.ofSeconds(20)).until(opened::isUp);
        CompletableFuture<Integer> hits = new CompletableFuture<>();
        opened.windows().hit(new StateKey(1, 2), new WindowLimit(10, 5), System.currentTimeMillis(), new WindowSink() {
            @Override
            public void counted(int count) {
                hits.complete(count);
            }

            @Override
            public void failed(String detail) {
                hits.completeExceptionally(new AssertionError(detail));
            }
        });
        assertThat(hits.get(20, TimeUnit.SECONDS)).isEqualTo(1);
        Replicated<String> map = opened.replicated("map", RedisStores.TEXT, 10);
        map.put(new StateKey(3, 4), "value", System.currentTimeMillis() + 60_000);
        await().atMost(Duration.ofSeconds(20)).until(() -> opened.pendingWrites() == 0 && map.trouble() == null);
        // It is the TLS port that was used: the other one is only asked what arrived.
        assertThat(server.command("KEYS", "test:*")).contains("test:w:", "map");
    }

    @Test
    void anAuthorityThatNobodyNamedIsNotTrusted() {
        RedisStore opened = open("rediss://localhost:" + port, null);
        refused(opened);
    }

    @Test
    void aCertificateForAnotherNameIsNotTrusted() {
        RedisStore opened = open("rediss://127.0.0.1:" + port, authority);
        refused(opened);
    }

    @Test
    void aPlainPortIsNotSpokenToWithoutTls() {
        RedisStore opened = open("rediss://localhost:" + server.port(), authority);
        refused(opened);
    }

    private static void refused(RedisStore opened) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !String.valueOf(opened.trouble()).contains("not tried yet"));
        assertThat(opened.isUp()).isFalse();
        assertThat(opened.trouble()).startsWith("rediss://");
    }
}
