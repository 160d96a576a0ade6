package com.esperr.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

class NginxOriginIT {

    @Test
    void answersAndServesFiles() {
        try (NginxOrigin nginx = NginxOrigin.start().file("a.txt", Wire.bytes("content"))) {
            assertThat(RawClient.exchange(nginx.port(), "GET /x?y HTTP/1.1\r\nHost: shop.test\r\n\r\n")
                            .bodyText())
                    .isEqualTo("GET /x?y shop.test\n");
            assertThat(RawClient.exchange(nginx.port(), "GET /files/a.txt HTTP/1.1\r\nHost: x\r\n\r\n")
                            .bodyText())
                    .isEqualTo("content");
            await().untilAsserted(() -> assertThat(nginx.accessLog()).hasSize(2));
        }
    }
}
