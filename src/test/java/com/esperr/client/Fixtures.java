package com.esperr.client;

import java.util.Map;
import java.util.Set;

/** Values that many tests need. */
final class Fixtures {
    static final String KEY = "test-key-7f3a1c";
    static final String RETURN_URL = "https://shop.test/basket?step=2";

    private Fixtures() {}

    /** A builder that does not see the environment of the test. */
    static EsperClientBuilder builder() {
        return new EsperClientBuilder(Map.of()).apiKey(KEY).tenantId("tenant-1");
    }

    static VisitorRequest visitor() {
        return VisitorRequest.builder("GET", "/basket")
                .header("User-Agent", "curl/8.7.1")
                .header("X-Forwarded-For", "203.0.113.9")
                .queryParam("step", "2")
                .cookie("sid", "c0ffee")
                .clientIp("198.51.100.23")
                .build();
    }

    static MitigationRequest question() {
        return MitigationRequest.builder(visitor(), RETURN_URL).build();
    }

    static BeaconEvent event() {
        return BeaconEvent.builder()
                .request(visitor())
                .field("email", "a@shop.test")
                .build();
    }

    static Settings settings() {
        return builder().challengeHosts(Set.of("Extra.test")).settings();
    }
}
