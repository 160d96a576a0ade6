package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.proxy.Connections.Welcome;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
    private final Connections connections = new Connections(2);

    @Test
    void oneTooManyCountsUntilItIsClosed() {
        assertThat(connections.opened()).isEqualTo(Welcome.SERVED);
        assertThat(connections.opened()).isEqualTo(Welcome.SERVED);
        assertThat(connections.opened()).isEqualTo(Welcome.REFUSED);
        assertThat(connections.open()).isEqualTo(3);
        connections.closed();
        assertThat(connections.opened()).isEqualTo(Welcome.REFUSED);
        connections.closed();
        connections.closed();
        assertThat(connections.opened()).isEqualTo(Welcome.SERVED);
        assertThat(connections.open()).isEqualTo(2);
        assertThat(connections.accepted()).isEqualTo(5);
    }

    @Test
    void farTooManyAreNotEvenTold() {
        for (int i = 0; i < 2 + Connections.MARGIN; i++) {
            assertThat(connections.opened()).isNotEqualTo(Welcome.DROPPED);
        }
        assertThat(connections.opened()).isEqualTo(Welcome.DROPPED);
        assertThat(connections.dropped()).isEqualTo(1);
        connections.closed();
        connections.closed();
        assertThat(connections.opened()).isEqualTo(Welcome.REFUSED);
        assertThat(connections.dropped()).isEqualTo(1);
    }

    @Test
    void whoHasYetToSayWhoItIsTakesRoomAndIsNotAcceptedTwice() {
        for (int i = 0; i < 2 + Connections.MARGIN; i++) {
            assertThat(connections.expected()).isTrue();
        }
        assertThat(connections.expected()).isFalse();
        assertThat(connections.open()).isEqualTo(2 + Connections.MARGIN);
        assertThat(connections.dropped()).isEqualTo(1);
        assertThat(connections.opened()).isEqualTo(Welcome.DROPPED);
        connections.closed();
        connections.heard();
        assertThat(connections.opened()).isEqualTo(Welcome.REFUSED);
        assertThat(connections.accepted()).isEqualTo(3);
    }

    @Test
    void requestsAndRetriesAreCounted() {
        connections.requestBegun();
        connections.requestBegun();
        connections.requestEnded(true);
        assertThat(connections.requestsOpen()).isEqualTo(1);
        assertThat(connections.upstreamRetries()).isEqualTo(1);
        connections.requestEnded(false);
        assertThat(connections.requestsOpen()).isZero();
        assertThat(connections.upstreamRetries()).isEqualTo(1);
    }

    @Test
    void drainingIsForGood() {
        assertThat(connections.draining()).isFalse();
        connections.drain();
        assertThat(connections.draining()).isTrue();
    }
}
