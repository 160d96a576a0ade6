package com.esperr.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostRuleTest {
    private final HostRule rule = new HostRule(Set.of("gateway.internal"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.0.0.1:9901",
                "10.1.2.3:80",
                "[::1]",
                "[::1]:9901",
                "[2001:db8::1]:1",
                "localhost",
                "LOCALHOST:9901",
                "gateway.internal",
                "Gateway.Internal:9901"
            })
    void addressesLocalhostAndConfiguredNamesAreAdmitted(String host) {
        assertThat(rule.admits(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:9901",
                "127.0.0.1.evil.example",
                "localhost.evil.example",
                "gateway.internal.evil.example",
                "xgateway.internal",
                "127.1",
                "2130706433",
                "0x7f000001",
                "localhost:",
                "localhost:99999",
                "localhost:9901:1",
                "user@localhost",
                "::1",
                "[::1",
                "localhost evil.example",
                ""
            })
    void everyOtherNameIsNot(String host) {
        assertThat(rule.admits(host)).isFalse();
    }
}
