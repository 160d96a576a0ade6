package com.esperr.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Trust is that of the HTTP client which is handed in. */
class ClientTlsIT {
    private X509Bundle authority;
    private HttpsServer server;

    @BeforeEach
    void start() throws Exception {
        authority = new CertificateBuilder()
                .subject("CN=Test Authority")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        X509Bundle identity = new CertificateBuilder()
                .subject("CN=localhost")
                .addSanDnsName("localhost")
                .buildIssuedBy(authority);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(identity.toKeyManagerFactory().getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/api/v1/runtime/mitigation", exchange -> {
            byte[] answer = "{\"action\":\"block\"}".getBytes(StandardCharsets.UTF_8);
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aPrivateAuthorityIsTrustedByHandingInAnHttpClient() throws Exception {
        HttpClient trusting =
                HttpClient.newBuilder().sslContext(trusting(authority)).build();
        try (EsperClient client = builder("localhost").httpClient(trusting).build()) {
            assertThat(client.checkMitigation(Fixtures.question()).action()).isEqualTo(MitigationAction.Block);
        }
    }

    @Test
    void anybodyElseIsRefusedAtOnce() throws Exception {
        HttpClient trusting =
                HttpClient.newBuilder().sslContext(trusting(authority)).build();
        assertRefused(builder("localhost"));
        assertRefused(builder("127.0.0.1").httpClient(trusting));
    }

    private static void assertRefused(EsperClientBuilder builder) {
        try (EsperClient client = builder.build()) {
            EsperConnectionException failure = catchThrowableOfType(
                    EsperConnectionException.class, () -> client.checkMitigation(Fixtures.question()));
            assertThat(failure).isNotNull();
            assertThat(client.stats().retries()).isZero();
        }
    }

    private EsperClientBuilder builder(String host) {
        return Fixtures.builder()
                .apiUrl("https://" + host + ":" + server.getAddress().getPort());
    }

    private static SSLContext trusting(X509Bundle authority) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("authority", authority.getCertificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
