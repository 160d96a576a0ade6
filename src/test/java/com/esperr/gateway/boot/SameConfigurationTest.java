package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.config.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What parts are made of is equal to itself when it is read again: else a reload that has nothing to do with them would make them anew. */
class SameConfigurationTest {
    private static final String KEYS = """
            origin.url = "http://127.0.0.1:1"
            esper { api-key = k, tenant-id = t, cache.enabled = true, coalesce = true
                    fields { email = "body[/user/email] | hash", mail = "form[email]" } }
            beacon { mode = on, fields { session = "cookie[session]" }, hash-key = h }
            hybrid { feed = [ learned, pushed ], snapshot = "s" }
            bots.known = [ { name = mine, user-agents = [ Mine ], dns = [ mine.test ] } ]
            challenge {
              url = "/challenge?r={return_url}", allowed-hosts = [ a.test ], reverify = every 10m
              pass { key = "%1$s", previous-key = "%2$s", levels { button = 2 } }
              hosted { enabled = true, providers = [ turnstile, proof-of-work ]
                       turnstile { site-key = s, secret = x } }
            }
            log { access = off, audit = "a" }
            record { file = "r", hash-key = h }
            traces { endpoint = "http://127.0.0.1:2" }
            """.formatted("5e".repeat(32), "6f".repeat(32));

    @TempDir
    private Path directory;

    private static Arguments piece(String name, Function<GatewayConfig, Object> piece) {
        return Arguments.of(name, piece);
    }

    static Stream<Arguments> pieces() {
        return Stream.of(
                piece("esper", GatewayConfig::esper),
                piece("cloud", GatewayConfig::cloud),
                piece("challenge-hosts", GatewayConfig::challengeHosts),
                piece("beacon", GatewayConfig::beacon),
                piece("hybrid", GatewayConfig::hybrid),
                piece("bots", GatewayConfig::bots),
                piece("challenge", GatewayConfig::challenge),
                piece("proofs", GatewayConfig::proofs),
                piece("passes", GatewayConfig::passes),
                piece("keep", GatewayConfig::keep),
                piece("hosting", GatewayConfig::hosting),
                piece("log", GatewayConfig::log),
                piece("record", GatewayConfig::record),
                piece("traces", GatewayConfig::traces),
                piece("state", GatewayConfig::state));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pieces")
    void isEqualToItselfReadAgain(String name, Function<GatewayConfig, Object> piece) throws IOException {
        Path file = Files.writeString(directory.resolve("gateway.conf"), KEYS);
        Loaded<GatewayConfig> loaded = GatewayConfig.load(file, Map.of(), Map.of());
        assertThat(loaded.problems()).isEmpty();
        assertThat(piece.apply(loaded.again().value())).isEqualTo(piece.apply(loaded.value()));
    }
}
