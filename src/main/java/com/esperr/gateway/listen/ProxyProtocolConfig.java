package com.esperr.gateway.listen;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.net.Cidr;
import com.esperr.gateway.net.CidrSet;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Section {@code proxy-protocol} of a listener. Immutable.
 *
 * @param mode whether a header is looked for
 * @param from who may say where a connection comes from
 * @param timeout from the connection to the end of the header
 */
public record ProxyProtocolConfig(Mode mode, CidrSet from, Duration timeout) {
    static final ProxyProtocolConfig OFF = new ProxyProtocolConfig(Mode.OFF, CidrSet.of(List.of()), Duration.ZERO);

    /** Whether a header is looked for. */
    public enum Mode {
        /** Never. */
        OFF,
        /** From those who may, and it may be missing. */
        OPTIONAL,
        /** Always; who may not, or sends none, is closed. */
        REQUIRED;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static ProxyProtocolConfig read(Section section) {
        Mode mode = section.choice("mode", Mode.class);
        CidrSet from =
                CidrSet.of(section
                        .parsedList(
                                "from", "an address, a CIDR such as 10.0.0.0/8, loopback or private", Cidr::parseNamed)
                        .stream()
                        .flatMap(List::stream)
                        .toList());
        if (mode != Mode.OFF && from.isEmpty()) {
            section.problem("mode", mode.label(), "off, or in from those whose header counts");
        }
        return new ProxyProtocolConfig(
                mode, from, section.duration("timeout", Duration.ofMillis(100), Duration.ofMinutes(1)));
    }
}
