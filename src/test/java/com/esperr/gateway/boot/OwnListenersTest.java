package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnListenersTest {
    private static long problems(String listen, String origin) {
        return GatewayConfig.load(null, Map.of(), Map.of("--listen", listen, "--origin", origin)).problems().stream()
                .filter(problem -> problem.path().equals("origin.url"))
                .count();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:8080, http://127.0.0.1:8080",
        "127.0.0.1:8080, http://localhost:8080",
        "127.0.0.1:8080, https://0.0.0.0:8080",
        "0.0.0.0:80, http://127.0.0.1",
        "*:8080, http://[::1]:8080",
        "192.0.2.7:8080, http://192.0.2.7:8080",
        "unix:/run/a.sock, unix:/run/a.sock"
    })
    void anOriginThatIsTheOwnListenerIsRefused(String listen, String origin) {
        assertThat(problems(listen, origin)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:8080, http://127.0.0.1:8081",
        "127.0.0.1:8080, http://127.0.0.2:8080",
        "127.0.0.1:8080, http://[::1]:8080",
        "0.0.0.0:8080, http://192.0.2.7:8080",
        "127.0.0.1:0, http://127.0.0.1:3000",
        "unix:/run/a.sock, unix:/run/b.sock"
    })
    void anotherPlaceIsNot(String listen, String origin) {
        assertThat(problems(listen, origin)).isZero();
    }
}
