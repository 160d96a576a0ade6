package com.esperr.gateway.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class FreePortsTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    @Test
    void noneIsTakenThatAConnectionMayBeGiven() throws IOException {
        for (int i = 0; i < 50; i++) {
            assertThat(FreePorts.next(HERE, 11_000)).isBetween(10_000, 10_999);
        }
    }

    @Test
    void oneThatSomebodyHasIsPassedOver() throws IOException {
        int port = FreePorts.next(HERE);
        try (ServerSocket taken = new ServerSocket(port, 1, HERE)) {
            for (int i = 0; i < 50; i++) {
                assertThat(FreePorts.next(HERE, port + 1)).isNotEqualTo(taken.getLocalPort());
            }
        }
    }

    @Test
    void whereConnectionsMayHaveAllOfThemTheSystemSays() throws IOException {
        assertThat(FreePorts.next(HERE, 1024)).isPositive();
    }

    @Test
    void theSystemSaysWhereConnectionsBegin() {
        assertThat(FreePorts.ephemeral()).isGreaterThanOrEqualTo(1024);
    }

    @Test
    void anAddressOfAnotherMachineIsAnError() {
        assertThatThrownBy(() -> FreePorts.next(InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1})))
                .isInstanceOf(IOException.class);
    }
}
