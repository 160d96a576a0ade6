package com.esperr.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.resolver.InetNameResolver;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndpointAddressesTest {
    private final List<String> told = new ArrayList<>();
    private List<String> answer = List.of();
    private int changes;
    private final EndpointAddresses addresses = new EndpointAddresses(
            new Names().asAddressResolver(), InetSocketAddress.createUnresolved("app.test", 80), () -> changes++);

    @Test
    void theAddressesTakeTurnsAndTheOtherFamilyComesLast() {
        answer = List.of("127.0.0.1", "127.0.0.2", "::1");
        assertThat(found()).containsExactly("127.0.0.2", "127.0.0.1", "0:0:0:0:0:0:0:1");
        assertThat(found()).containsExactly("127.0.0.1", "127.0.0.2", "0:0:0:0:0:0:0:1");
    }

    @Test
    void anAddressThatIsGoneIsOutdated() throws UnknownHostException {
        answer = List.of("127.0.0.1", "127.0.0.2");
        found();
        assertThat(outdated("127.0.0.2")).isFalse();
        answer = List.of("127.0.0.1");
        addresses.refresh();
        assertThat(changes).isEqualTo(1);
        assertThat(outdated("127.0.0.1")).isFalse();
        assertThat(outdated("127.0.0.2")).isTrue();
        assertThat(found()).containsExactly("127.0.0.1");
    }

    @Test
    void theSameAddressesInAnotherOrderAreNoChange() {
        answer = List.of("127.0.0.1", "127.0.0.2");
        found();
        answer = List.of("127.0.0.2", "127.0.0.1");
        addresses.refresh();
        assertThat(changes).isZero();
    }

    @Test
    void whenNobodyAnswersTheKnownOnesGoOn() throws UnknownHostException {
        assertThat(found()).containsExactly("nobody answers");
        answer = List.of("127.0.0.1");
        found();
        answer = List.of();
        addresses.refresh();
        assertThat(found()).containsExactly("127.0.0.1");
        assertThat(outdated("127.0.0.1")).isFalse();
    }

    private boolean outdated(String address) throws UnknownHostException {
        return addresses.outdated(new InetSocketAddress(InetAddress.getByName(address), 80));
    }

    private List<String> found() {
        told.clear();
        addresses.find((found, failure) -> {
            if (failure != null) {
                told.add(failure.getMessage());
            }
            found.forEach(address -> told.add(address.getAddress().getHostAddress()));
        });
        return told;
    }

    /** Answers with what the test says, or not at all. */
    private final class Names extends InetNameResolver {
        Names() {
            super(ImmediateEventExecutor.INSTANCE);
        }

        @Override
        protected void doResolve(String name, Promise<InetAddress> promise) {
            promise.setFailure(new UnknownHostException("not asked"));
        }

        @Override
        protected void doResolveAll(String name, Promise<List<InetAddress>> promise) throws Exception {
            if (answer.isEmpty()) {
                promise.setFailure(new UnknownHostException("nobody answers"));
                return;
            }
            InetAddress[] all = new InetAddress[answer.size()];
            Arrays.setAll(all, i -> literal(answer.get(i)));
            promise.setSuccess(List.of(all));
        }

        private InetAddress literal(String text) {
            try {
                return InetAddress.getByName(text);
            } catch (UnknownHostException impossible) {
                throw new AssertionError(impossible);
            }
        }
    }
}
