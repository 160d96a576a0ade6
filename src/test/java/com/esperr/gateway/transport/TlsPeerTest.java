package com.esperr.gateway.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.Configurations;
import com.esperr.gateway.testkit.Certificates;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsPeerTest {
    @TempDir
    Path directory;

    private final X509Bundle authority = Certificates.authority();
    private final X509Bundle own = Certificates.issued(authority, "gateway.test");

    @Test
    void aCertificateAndItsKeyAreTaken() {
        assertThat(problems(Map.of("certificate-file", certificate(), "key-file", key(own))))
                .isEmpty();
    }

    @Test
    void aCertificateWithoutAKeyIsRefused() {
        assertThat(problems(Map.of("certificate-file", certificate())))
                .singleElement()
                .asString()
                .contains("origin.tls.key-file")
                .contains("(expected: the PEM file that belongs to the other one)");
    }

    @Test
    void aFileThatHoldsNoKeyIsRefused() {
        assertThat(problems(Map.of("certificate-file", certificate(), "key-file", certificate())))
                .singleElement()
                .asString()
                .contains("origin.tls.key-file")
                .contains("PKCS#8");
    }

    @Test
    void theKeyOfAnotherCertificateIsRefused() {
        String other = key(Certificates.issued(authority, "other.test"));
        assertThat(problems(Map.of("certificate-file", certificate(), "key-file", other)))
                .singleElement()
                .asString()
                .contains("origin.tls.key-file");
    }

    @Test
    void authoritiesThatNobodyAsksAreRefused() {
        assertThat(problems(Map.of("verify", "false", "ca-file", certificate())))
                .singleElement()
                .asString()
                .contains("(expected: nothing, because verify is false)");
    }

    private String certificate() {
        return Certificates.chain(own, directory.resolve("own.pem")).toString();
    }

    private String key(X509Bundle bundle) {
        return Certificates.key(bundle, directory.resolve("own.key")).toString();
    }

    private static List<?> problems(Map<String, String> keys) {
        Map<String, String> options = new HashMap<>();
        keys.forEach((key, value) -> options.put("origin.tls." + key, value));
        return Configurations.read(
                        ConfigSource.load(null, Map.of(), options),
                        root -> TlsPeer.read(root.section("origin").section("tls")))
                .problems()
                .stream()
                .filter(problem -> problem.toString().contains("origin.tls"))
                .toList();
    }
}
