package com.esperr.gateway.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class PeersTest {

    private static final String ABSENT = "no-such-program-7f3a";

    @Test
    void findsAProgramOfTheSystem() {
        assertThat(Peers.find("sh")).isPresent();
        assertThat(Peers.find(ABSENT)).isEmpty();
    }

    @Test
    void abortsTheTestWithoutAnOptionalPeer() {
        assertThatThrownBy(() -> Peers.require(ABSENT, "nginx")).isInstanceOf(TestAbortedException.class);
    }

    @Test
    void failsTheTestWithoutARequiredPeer() {
        assertThatThrownBy(() -> Peers.require(ABSENT, "nginx, " + ABSENT))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("REQUIRE_PEERS");
    }
}
