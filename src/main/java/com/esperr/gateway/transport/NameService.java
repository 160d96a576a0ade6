package com.esperr.gateway.transport;

import com.esperr.gateway.net.IpAddress;
import java.util.List;
import java.util.function.Consumer;

/** Asks the domain name system without blocking. Thread-safe; each sink is told exactly once, on some event loop. */
public interface NameService {
    /** Asks for the names of {@code address} (PTR). */
    void names(IpAddress address, Consumer<Answer> sink);

    /** Asks for the addresses of {@code name} of one family (A or AAAA). */
    void addresses(String name, boolean ipv6, Consumer<Answer> sink);

    /** What the domain name system said. */
    sealed interface Answer {
        /**
         * It answered.
         *
         * @param values names without the last dot, or addresses; empty if there are none
         * @param seconds how long that counts
         */
        record Found(List<String> values, long seconds) implements Answer {}

        /** It did not, or refused; {@code detail} says how. */
        record Failed(String detail) implements Answer {}
    }
}
