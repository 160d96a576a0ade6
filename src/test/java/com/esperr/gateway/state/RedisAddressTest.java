package com.esperr.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisAddressTest {
    @ParameterizedTest
    @CsvSource({
        "redis://127.0.0.1, redis://127.0.0.1:6379",
        "redis://cache.internal:6380/, redis://cache.internal:6380",
        "REDISS://cache.internal/3, rediss://cache.internal:6379/3",
        "redis://[::1]:7000/12, redis://[::1]:7000/12"
    })
    void readsHostPortAndDatabase(String text, String expected) {
        assertThat(RedisAddress.parse(text)).hasToString(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "127.0.0.1:6379",
                "http://127.0.0.1",
                "redis://",
                "redis://:6379",
                "redis://user:pw@host",
                "redis://host:99999",
                "redis://host/x",
                "redis://host/-1",
                "redis://host/1024",
                "redis://host/1?a=b"
            })
    void refusesEverythingElse(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> RedisAddress.parse(text));
    }
}
