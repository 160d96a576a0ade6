package com.esperr.gateway.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esperr.gateway.testkit.Certificates;
import com.esperr.gateway.testkit.Logged;
import com.esperr.gateway.transport.CertificateFiles;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StaplesTest {
    private static final String AUTHORITY_INFO_ACCESS = "1.3.6.1.5.5.7.1.1";
    private static final Path NOWHERE = Path.of("nowhere.pem");

    private final AtomicLong millis = new AtomicLong(1_000_000_000_000L);
    private final Staples staples = new Staples("listen.tls", millis::get);

    /** A certificate that says of its authority what nobody can read. */
    private static ShownCertificate unreadable(String contents) throws Exception {
        X509Bundle authority = Certificates.authority();
        X509Bundle bundle = new CertificateBuilder()
                .subject("CN=site.test")
                .addExtensionOctetString(AUTHORITY_INFO_ACCESS, false, contents.getBytes("ISO-8859-1"))
                .buildIssuedBy(authority);
        return new ShownCertificate(
                new CertificateFiles(NOWHERE, NOWHERE), List.of(bundle.getCertificatePath()), List.of("site.test"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "\60\0", "\60\1\0", "\60\3\60\1\5", "\60\200", "\2\1\1"})
    void whereToAskMayBeUnreadableWithoutMoreThanThat(String contents) throws Exception {
        ShownCertificate certificate = unreadable(contents);
        assertThatThrownBy(() -> OcspAnswer.responder(certificate.leaf())).isInstanceOf(IOException.class);
        try (Logged logged = Logged.below(Staples.class.getName())) {
            staples.look(List.of(certificate));
            assertThat(String.join("\n", logged.lines())).contains("site.test").contains("where to ask cannot be read");
        }
        assertThat(staples.failed()).isEqualTo(1);
        assertThat(staples.of(certificate.leaf())).isNull();
    }

    @Test
    void itIsLookedAtAgainOnlyAfterAWhile() throws Exception {
        ShownCertificate certificate = unreadable("0");
        staples.look(List.of(certificate));
        staples.look(List.of(certificate));
        assertThat(staples.failed()).isEqualTo(1);
        millis.addAndGet(Duration.ofMinutes(5).toMillis());
        staples.look(List.of(certificate));
        assertThat(staples.failed()).isEqualTo(2);
    }
}
