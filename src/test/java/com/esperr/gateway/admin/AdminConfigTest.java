package com.esperr.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.Configurations;
import com.esperr.gateway.config.Loaded;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminConfigTest {
    @Test
    void byDefaultItListensOnLoopbackWithoutWarning() {
        AdminConfig config = read(Map.of()).value();
        assertThat(config.address()).hasToString("127.0.0.1:9901");
        assertThat(config.allowedHosts()).isEmpty();
        assertThat(config.warning()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[::1]:9901", "localhost:9901", "127.9.9.9:0"})
    void loopbackInEverySpellingIsNoReasonToWarn(String address) {
        assertThat(read(Map.of("admin.address", address)).value().warning()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {":9901", "0.0.0.0:9901", "10.0.0.1:9901", "[::]:9901", "gateway.internal:9901"})
    void whatOtherMachinesCanReachIsWarnedOf(String address) {
        assertThat(read(Map.of("admin.address", address)).value().warning()).contains("admin.address");
    }

    @Test
    void anEmptyAddressMeansNoPort() {
        AdminConfig config = read(Map.of("admin.address", "")).value();
        assertThat(config.address()).isNull();
        assertThat(config.warning()).isNull();
    }

    @Test
    void hostNamesAreReadInAnyCase() {
        assertThat(read(Map.of("admin.allowed-hosts", "Gateway.Internal, other"))
                        .value()
                        .allowedHosts())
                .containsExactlyInAnyOrder("gateway.internal", "other");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://x", "a b", "x:80", "*.example"})
    void whatIsNoHostNameIsAProblem(String name) {
        assertThat(read(Map.of("admin.allowed-hosts", name)).problems()).hasSize(1);
    }

    private static Loaded<AdminConfig> read(Map<String, String> options) {
        return Configurations.read(
                ConfigSource.load(null, Map.of(), options), root -> AdminConfig.read(root.section("admin")));
    }
}
