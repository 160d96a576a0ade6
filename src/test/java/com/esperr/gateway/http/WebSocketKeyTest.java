package com.esperr.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.api.Test;

class WebSocketKeyTest {
    @Test
    void theAnswerIsThatOfTheRfc() {
        // RFC 6455 section 1.3
        assertThat(WebSocketKey.answer("dGhlIHNhbXBsZSBub25jZQ==")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    @Test
    void aKeyIsSixteenBytesAndNoneIsLikeAnother() {
        assertThat(Base64.getDecoder().decode(WebSocketKey.fresh())).hasSize(16);
        assertThat(WebSocketKey.fresh()).isNotEqualTo(WebSocketKey.fresh());
    }
}
