package com.esperr.gateway.signatures;

import com.esperr.gateway.http.Fields;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.crypto.spec.SecretKeySpec;

/** The messages, keys and signatures of RFC 9421 appendix B. */
final class Rfc9421 {
    static final String DIGEST =
            "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:";
    static final String ED25519_X = "JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs";

    private static final String KEYS = """
            {"keys":[
             {"kty":"RSA","alg":"PS512","e":"AQAB","n":"r4tmm3r20Wd_PbqvP1s2-QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct-Lh1GH45x28Rw3Ry53mm-oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHqgDsznjPFmTOtCEcN2Z1FpWgchwuYLPL-Wokqltd11nqqzi-bJ9cvSKADYdUAAN5WUtzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4aOT9v6d-nb4bnNkQVklLQ3fVAvJm-xdDOp9LCNCN48V2pnDOkFV6-U9nV5oyc6XI2w"},
             {"kty":"EC","crv":"P-256","x":"qIVYZVLCrPZHGHjP17CTW0_-D9Lfw0EkjqF7xB4FivA","y":"Mc4nN9LTDOBhfoUeg8Ye9WedFRhnZXZJA12Qp0zZ6F0"},
             {"kty":"OKP","crv":"Ed25519","x":"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"}
            ]}
            """;
    private static final String SECRET =
            "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==";
    private static final String CERTIFICATE =
            ":MIIBqDCCAU6gAwIBAgIBBzAKBggqhkjOPQQDAjA6MRswGQYDVQQKDBJMZXQncyBBdXRoZW50aWNhdGUxGzAZBgNVBAMMEkxBIEludGVy"
                    + "bWVkaWF0ZSBDQTAeFw0yMDAxMTQyMjU1MzNaFw0yMTAxMjMyMjU1MzNaMA0xCzAJBgNVBAMMAkJDMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD"
                    + "QgAE8YnXXfaUgmnMtOXU/IncWalRhebrXmckC8vdgJ1p5Be5F/3YC8OthxM4+k1M6aEAEFcGzkJiNy6J84y7uzo9M6NyMHAwCQYDVR0TBAIw"
                    + "ADAfBgNVHSMEGDAWgBRm3WjLa38lbEYCuiCPct0ZaSED2DAOBgNVHQ8BAf8EBAMCBsAwEwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYDVR0RAQH/"
                    + "BBMwEYEPYmRjQGV4YW1wbGUuY29tMAoGCCqGSM49BAMCA0gAMEUCIBHda/r1vaL6G3VliL4/Di6YK0Q6bMjeSkC3dFCOOB8TAiEAx/kHSB4u"
                    + "rmiZ0NX5r5XarmPk0wmuydBVoU4hBVZ1yhk=:";

    private Rfc9421() {}

    /** One of the keys; the RFC's own names are not thumbprints. */
    static SignatureKey key(SignatureAlgorithm algorithm) {
        if (algorithm == SignatureAlgorithm.HMAC_SHA256) {
            return new SignatureKey(
                    "test-shared-secret",
                    algorithm,
                    new SecretKeySpec(Base64.getDecoder().decode(SECRET), "HmacSHA256"));
        }
        return KeyDirectory.parse(KEYS.getBytes(StandardCharsets.UTF_8)).keys().stream()
                .filter(key -> key.algorithm() == algorithm)
                .findFirst()
                .orElseThrow();
    }

    /** B.2: the request. */
    static SignedMessage request(String input, String signature) {
        return new SignedMessage(
                "POST",
                "https",
                "example.com",
                "/foo?param=Value&Pet=dog",
                0,
                Fields.builder(8)
                        .add("Host", "example.com")
                        .add("Date", "Tue, 20 Apr 2021 02:07:55 GMT")
                        .add("Content-Type", "application/json")
                        .add("Content-Digest", DIGEST)
                        .add("Content-Length", "18")
                        .add("Signature-Input", input)
                        .add("Signature", signature)
                        .build());
    }

    /** B.2: the response. */
    static SignedMessage response(String input, String signature) {
        return new SignedMessage(
                "",
                "https",
                "",
                "",
                200,
                Fields.builder(8)
                        .add("Date", "Tue, 20 Apr 2021 02:07:56 GMT")
                        .add("Content-Type", "application/json")
                        .add(
                                "Content-Digest",
                                "sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:")
                        .add("Content-Length", "23")
                        .add("Signature-Input", input)
                        .add("Signature", signature)
                        .build());
    }

    /** B.3: the request behind a proxy that ends TLS. */
    static SignedMessage proxied(String input, String signature) {
        return new SignedMessage(
                "POST",
                "https",
                "service.internal.example",
                "/foo?param=Value&Pet=dog",
                0,
                Fields.builder(8)
                        .add("Host", "service.internal.example")
                        .add("Date", "Tue, 20 Apr 2021 02:07:55 GMT")
                        .add("Content-Type", "application/json")
                        .add("Content-Length", "18")
                        .add("Client-Cert", CERTIFICATE)
                        .add("Signature-Input", input)
                        .add("Signature", signature)
                        .build());
    }

    /** B.4: a request with the signature of that section and these fields. */
    static SignedMessage transformed(String method, String authority, String target, String... fields) {
        Fields.Builder builder = Fields.builder(8);
        for (int i = 0; i < fields.length; i += 2) {
            builder.add(fields[i], fields[i + 1]);
        }
        builder.add(
                "Signature-Input",
                "transform=(\"@method\" \"@path\" \"@authority\" \"accept\");created=1618884473;keyid=\"test-key-ed25519\"");
        builder.add(
                "Signature",
                "transform=:ZT1kooQsEHpZ0I1IjCqtQppOmIqlJPeo7DHR3SoMn0s5JZ1eRGS0A+vyYP9t/LXlh5QMFFQ6cpLt2m0pmj3NDA==:");
        return new SignedMessage(method, "https", authority, target, 0, builder.build());
    }
}
