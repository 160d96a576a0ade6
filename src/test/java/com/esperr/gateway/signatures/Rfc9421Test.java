package com.esperr.gateway.signatures;

import static com.esperr.gateway.signatures.Rfc9421.key;
import static com.esperr.gateway.signatures.Rfc9421.transformed;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The test cases of RFC 9421 appendix B. */
class Rfc9421Test {
    private static final String CREATED = ";created=1618884473";
    private static final String PSS = ";keyid=\"test-key-rsa-pss\"";
    private static final String EC = ";keyid=\"test-key-ecc-p256\"";

    /** One test case. */
    record Vector(
            String section,
            BiFunction<String, String, SignedMessage> message,
            SignatureAlgorithm algorithm,
            String parameters,
            String signature,
            String base) {
        SignedMessage signed() {
            return message.apply("sig=" + parameters, "sig=:" + signature + ":");
        }

        @Override
        public String toString() {
            return section;
        }
    }

    static Stream<Vector> vectors() {
        return Stream.of(
                new Vector(
                        "B.2.1",
                        Rfc9421::request,
                        SignatureAlgorithm.RSA_PSS_SHA512,
                        "()" + CREATED + PSS + ";nonce=\"b3k2pp5k7z-50gnwp.yemd\"",
                        "d2pmTvmbncD3xQm8E9ZV2828BjQWGgiwAaw5bAkgibUopemLJcWDy/lkbbHAve4cRAtx31Iq786U7it++wgGxbtRxf8Udx7zFZsckzXaJMkA7Ch"
                                + "G52eSkFxykJeNqsrWH5S+oxNFlD4dzVuwe8DhTSja8xxbR/Z2cOGdCbzR72rgFWhzx2VjBqJzsPLMIQKhO4DGezXehhWwE56YCE+O6c0mKZsfxV"
                                + "rogUvA4HELjVKWmAvtl6UnCh8jYzuVG5WSb/QEVPnP5TmcAnLH1g+s++v6d4s8m0gCw1fV5/SITLq9mhho8K3+7EPYTU8IU1bLhdxO5Nyt8C8ss"
                                + "inQ98Xw9Q==",
                        ""),
                new Vector(
                        "B.2.2",
                        Rfc9421::request,
                        SignatureAlgorithm.RSA_PSS_SHA512,
                        "(\"@authority\" \"content-digest\" \"@query-param\";name=\"Pet\")" + CREATED + PSS
                                + ";tag=\"header-example\"",
                        "LjbtqUbfmvjj5C5kr1Ugj4PmLYvx9wVjZvD9GsTT4F7GrcQEdJzgI9qHxICagShLRiLMlAJjtq6N4CDfKtjvuJyE5qH7KT8UCMkSowOB4+ECxCm"
                                + "T8rtAmj/0PIXxi0A0nxKyB09RNrCQibbUjsLS/2YyFYXEu4TRJQzRw1rLEuEfY17SARYhpTlaqwZVtR8NV7+4UKkjqpcAoFqWFQh62s7Cl+H2fj"
                                + "BSpqfZUJcsIk4N6wiKYd4je2U/lankenQ99PZfB4jY3I5rSV2DSBVkSFsURIjYErOs0tFTQosMTAoxk//0RoKUqiYY8Bh0aaUEb0rQl3/XaVe4b"
                                + "XTugEjHSw==",
                        "\"@authority\": example.com\n\"content-digest\": " + Rfc9421.DIGEST
                                + "\n\"@query-param\";name=\"Pet\": dog\n"),
                new Vector(
                        "B.2.3",
                        Rfc9421::request,
                        SignatureAlgorithm.RSA_PSS_SHA512,
                        "(\"date\" \"@method\" \"@path\" \"@query\" \"@authority\" \"content-type\" \"content-digest\""
                                + " \"content-length\")" + CREATED + PSS,
                        "bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yBiMIRGOnMYwZ/5MR6fb0Kh1rIRASVxFkeGt683+qRpRRU5p2voTp768ZrCUb38K0f"
                                + "UxN0O0iC59DzYx8DFll5GmydPxSmme9v6ULbMFkl+V5B1TP/yPViV7KsLNmvKiLJH1pFkh/aYA2HXXZzNBXmIkoQoLd7YfW91kE9o/CCoC1xMy7"
                                + "JA1ipwvKvfrs65ldmlu9bpG6A9BmzhuzF8Eim5f8ui9eH8LZH896+QIF61ka39VBrohr9iyMUJpvRX2Zbhl5ZJzSRxpJyoEZAFL2FUo5fTIztsD"
                                + "ZKEgM4cUA==",
                        "\"date\": Tue, 20 Apr 2021 02:07:55 GMT\n\"@method\": POST\n\"@path\": /foo\n"
                                + "\"@query\": ?param=Value&Pet=dog\n\"@authority\": example.com\n"
                                + "\"content-type\": application/json\n\"content-digest\": " + Rfc9421.DIGEST
                                + "\n\"content-length\": 18\n"),
                new Vector(
                        "B.2.4",
                        Rfc9421::response,
                        SignatureAlgorithm.ECDSA_P256_SHA256,
                        "(\"@status\" \"content-type\" \"content-digest\" \"content-length\")" + CREATED + EC,
                        "wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw==",
                        "\"@status\": 200\n\"content-type\": application/json\n\"content-digest\": sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1X"
                                + "dEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:\n\"content-length\": 23\n"),
                new Vector(
                        "B.2.5",
                        Rfc9421::request,
                        SignatureAlgorithm.HMAC_SHA256,
                        "(\"date\" \"@authority\" \"content-type\")" + CREATED + ";keyid=\"test-shared-secret\"",
                        "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=",
                        "\"date\": Tue, 20 Apr 2021 02:07:55 GMT\n\"@authority\": example.com\n"
                                + "\"content-type\": application/json\n"),
                new Vector(
                        "B.2.6",
                        Rfc9421::request,
                        SignatureAlgorithm.ED25519,
                        "(\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \"content-length\")" + CREATED
                                + ";keyid=\"test-key-ed25519\"",
                        "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==",
                        "\"date\": Tue, 20 Apr 2021 02:07:55 GMT\n\"@method\": POST\n\"@path\": /foo\n"
                                + "\"@authority\": example.com\n\"content-type\": application/json\n\"content-length\": 18\n"),
                new Vector(
                        "B.3",
                        Rfc9421::proxied,
                        SignatureAlgorithm.ECDSA_P256_SHA256,
                        "(\"@path\" \"@query\" \"@method\" \"@authority\" \"client-cert\")" + CREATED + EC,
                        "xVMHVpawaAC/0SbHrKRs9i8I3eOs5RtTMGCWXm/9nvZzoHsIg6Mce9315T6xoklyy0yzhD9ah4JHRwMLOgmizw==",
                        "\"@path\": /foo\n\"@query\": ?param=Value&Pet=dog\n\"@method\": POST\n"
                                + "\"@authority\": service.internal.example\n\"client-cert\": "
                                + Rfc9421.proxied("a=()", "a=::").fields().get("client-cert") + "\n"));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void whatIsSignedIsTheSame(Vector vector) {
        SignedMessage message = vector.signed();
        MessageSignature signature = MessageSignature.in(message).get(0);
        assertThat(new String(signature.base(message), StandardCharsets.ISO_8859_1))
                .isEqualTo(vector.base + "\"@signature-params\": " + vector.parameters);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void theSignatureIsTheKeysAndNobodyElses(Vector vector) {
        SignedMessage message = vector.signed();
        MessageSignature signature = MessageSignature.in(message).get(0);
        for (SignatureAlgorithm algorithm : SignatureAlgorithm.values()) {
            if (algorithm != SignatureAlgorithm.RSA_V1_5_SHA256) {
                assertThat(key(algorithm).verifies(signature, message)).isEqualTo(algorithm == vector.algorithm);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void noBitOfTheSignatureCanBeAnother(Vector vector) {
        for (int at = 0; at < vector.signature.length() - 2; at += 7) {
            char other = vector.signature.charAt(at) == 'A' ? 'B' : 'A';
            String changed = vector.signature.substring(0, at) + other + vector.signature.substring(at + 1);
            SignedMessage message = vector.message.apply("sig=" + vector.parameters, "sig=:" + changed + ":");
            assertThat(key(vector.algorithm)
                            .verifies(MessageSignature.in(message).get(0), message))
                    .isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void whatASignatureSaysAboutItsAlgorithmChoosesNone(Vector vector) {
        for (SignatureAlgorithm claimed : SignatureAlgorithm.values()) {
            String parameters = vector.parameters + ";alg=\"" + claimed.label() + "\"";
            SignedMessage message = vector.message.apply("sig=" + parameters, "sig=:" + vector.signature + ":");
            // What is covered has changed as well, so it is refused either way.
            assertThat(key(vector.algorithm)
                            .verifies(MessageSignature.in(message).get(0), message))
                    .isFalse();
        }
    }

    // --- B.4

    private static boolean isStillSigned(SignedMessage message) {
        return key(SignatureAlgorithm.ED25519)
                .verifies(MessageSignature.in(message).get(0), message);
    }

    @Test
    void whatMayBeTransformedOnTheWayKeepsTheSignature() {
        String target = "/demo?name1=Value1&Name2=value2";
        String date = "Fri, 15 Jul 2022 14:24:55 GMT";
        assertThat(Stream.of(
                        transformed(
                                "GET",
                                "example.org",
                                target,
                                "Date",
                                date,
                                "Accept",
                                "application/json",
                                "Accept",
                                "*/*"),
                        transformed(
                                "GET",
                                "example.org",
                                target + "&param=added",
                                "Date",
                                date,
                                "Accept",
                                "application/json",
                                "Accept",
                                "*/*",
                                "Accept-Language",
                                "en-US,en;q=0.5"),
                        transformed(
                                "GET",
                                "example.org",
                                target,
                                "Referer",
                                "https://developer.example.org/demo",
                                "Accept",
                                "application/json, */*"),
                        transformed(
                                "GET",
                                "EXAMPLE.org:443",
                                target,
                                "Accept",
                                "application/json",
                                "Accept",
                                "*/*",
                                "Date",
                                date)))
                .allMatch(Rfc9421Test::isStillSigned);
    }

    @Test
    void whatMayNotDoesNot() {
        String target = "/demo?name1=Value1&Name2=value2";
        assertThat(Stream.of(
                        transformed("POST", "example.com", target, "Accept", "application/json", "Accept", "*/*"),
                        transformed("GET", "example.org", target, "Accept", "*/*", "Accept", "application/json"),
                        transformed("GET", "example.org:8443", target, "Accept", "application/json", "Accept", "*/*"),
                        transformed("GET", "example.org", "/demo/", "Accept", "application/json", "Accept", "*/*"),
                        transformed("GET", "example.org", target, "Accept", "application/json,*/*")))
                .noneMatch(Rfc9421Test::isStillSigned);
    }
}
