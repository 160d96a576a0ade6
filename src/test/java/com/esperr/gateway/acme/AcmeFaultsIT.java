package com.esperr.gateway.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esperr.gateway.testkit.Certificates;
import com.esperr.gateway.testkit.Logged;
import com.esperr.gateway.transport.BackOff;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of an order when the authority is not there, does not want to, or talks nonsense. */
class AcmeFaultsIT {
    private static final long START = 1_800_000_000_000L;
    private static final String PROBLEM = "application/problem+json";

    @TempDir
    Path directory;

    private final AtomicLong millis = new AtomicLong(START);
    private BadAuthority authority;

    @BeforeEach
    void start() throws Exception {
        authority = new BadAuthority(directory.resolve("ca.pem"));
    }

    @AfterEach
    void stop() {
        authority.close();
    }

    @Test
    void whereNobodyAnswersItIsAskedAgainLaterAndLater() throws Exception {
        authority.close();
        AcmeCertificate certificate = open();
        for (long wait : new long[] {60_000, 120_000, 240_000, 240_000}) {
            assertThat(certificate.look()).isFalse();
            long failed = certificate.failed();
            millis.addAndGet(wait - 1);
            certificate.look();
            assertThat(certificate.failed()).as("before its time").isEqualTo(failed);
            millis.addAndGet(1);
        }
        assertThat(certificate.failed()).isEqualTo(4);
        assertThat(certificate.obtained()).isZero();
    }

    @Test
    void anAuthorityThatHasHadEnoughIsLeftAloneAsLongAsItSays() throws Exception {
        authority.on(
                "/order",
                new BadAuthority.Reply(
                        429,
                        PROBLEM,
                        "{\"type\":\"urn:ietf:params:acme:error:rateLimited\",\"detail\":\"too many\"}",
                        "Retry-After",
                        "Fri, 15 Jan 2027 09:00:00 GMT"));
        AcmeCertificate certificate = open();
        certificate.look();
        assertThat(authority.asked()).isEqualTo(1);
        millis.set(Instant.parse("2027-01-15T08:59:59Z").toEpochMilli());
        certificate.look();
        assertThat(authority.asked()).isEqualTo(1);
        millis.addAndGet(1000);
        certificate.look();
        assertThat(authority.asked()).isEqualTo(2);
    }

    @Test
    void aRefusalIsToldAsTheAuthorityPutIt() throws Exception {
        authority.on(
                "/order",
                new BadAuthority.Reply(
                        403,
                        PROBLEM,
                        "{\"type\":\"urn:ietf:params:acme:error:rejectedIdentifier\",\"detail\":\"not this name\"}"));
        assertThat(failure()).contains("not this name");
    }

    @Test
    void nonsenseIsAFailureLikeOthers() throws Exception {
        authority.on("/order", new BadAuthority.Reply(500, "text/html", "<h1>oops</h1>"));
        failure();
        authority.on("/order", new BadAuthority.Reply(201, "application/json", "{", "Location", "x"));
        failure();
        authority.on("/order", new BadAuthority.Reply(201, "application/json", "[]", "Location", authority.url("/o")));
        failure();
        authority.on("/dir", new BadAuthority.Reply(200, "application/json", "{}"));
        failure();
        authority.on("/dir", new BadAuthority.Reply(200, "text/html", "hello"));
        failure();
    }

    @Test
    void aCertificateIsRenewedInTimeAndOneForOtherNamesAtOnce() throws Exception {
        authority.on("/order", new BadAuthority.Reply(500, "text/plain", "later"));
        AcmeCertificate certificate = open();
        given("shop.test", Duration.ofDays(60));
        certificate.look();
        millis.addAndGet(Duration.ofDays(30).toMillis() - 1);
        certificate.look();
        assertThat(authority.asked()).isZero();
        millis.addAndGet(1);
        certificate.look();
        assertThat(authority.asked()).isEqualTo(1);
        given("www.shop.test", Duration.ofDays(900));
        millis.addAndGet(Duration.ofDays(1).toMillis());
        certificate.look();
        assertThat(authority.asked()).isEqualTo(2);
    }

    @Test
    void oneThatLivesShortlyIsRenewedAfterHalfOfItsTime() throws Exception {
        authority.on("/order", new BadAuthority.Reply(500, "text/plain", "later"));
        AcmeCertificate certificate = open();
        given("shop.test", Duration.ofDays(6));
        certificate.look();
        assertThat(authority.asked()).isZero();
        millis.addAndGet(Duration.ofDays(3).toMillis());
        certificate.look();
        assertThat(authority.asked()).isEqualTo(1);
    }

    /** There is a certificate that began just now and lives for so long. */
    private void given(String name, Duration life) throws Exception {
        Instant now = Instant.ofEpochMilli(millis.get());
        X509Bundle bundle = new CertificateBuilder()
                .subject("CN=" + name)
                .addSanDnsName(name)
                .notBefore(now)
                .notAfter(now.plus(life))
                .buildIssuedBy(Certificates.authority());
        Certificates.chain(bundle, directory.resolve("store/site.pem"));
    }

    @Test
    void aServerThatIsNotTrustedIsNotAsked() throws Exception {
        try (BadAuthority other = new BadAuthority(directory.resolve("other.pem"))) {
            AcmeCertificate certificate = open(other.url("/dir"));
            certificate.look();
            assertThat(certificate.failed()).isEqualTo(1);
            assertThat(other.asked()).isZero();
        }
    }

    @Test
    void aStorageThatCannotBeWrittenIsSaidAtTheStart() throws Exception {
        Files.writeString(directory.resolve("store"), "a file");
        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("listen.tls.acme.storage: " + directory.resolve("store"));
    }

    /** What is logged about one order that comes to nothing. */
    private String failure() throws Exception {
        AcmeCertificate certificate = open();
        try (Logged logged = Logged.below(AcmeCertificate.class.getName())) {
            assertThat(certificate.look()).isFalse();
            assertThat(certificate.failed()).isEqualTo(1);
            return String.join("\n", logged.lines());
        }
    }

    private AcmeCertificate open() throws IOException {
        return open(authority.url("/dir"));
    }

    private AcmeCertificate open(String url) throws IOException {
        AcmeConfig config = new AcmeConfig(
                List.of("shop.test"),
                URI.create(url),
                "",
                true,
                directory.resolve("store"),
                AcmeConfig.ChallengeKind.HTTP_01,
                Duration.ofDays(30),
                Duration.ofSeconds(30),
                new BackOff(Duration.ofMinutes(2), Duration.ofMinutes(8)),
                directory.resolve("ca.pem"));
        return AcmeCertificate.open(config, millis::get, () -> 0);
    }
}
