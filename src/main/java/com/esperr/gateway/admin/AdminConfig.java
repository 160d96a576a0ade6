package com.esperr.gateway.admin;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.net.HostPort;
import com.esperr.gateway.net.IpAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code admin}. Immutable.
 *
 * @param address where the operator port listens, or null for none
 * @param allowedHosts names, lower-case, under which it may be asked for, besides addresses and localhost
 * @param token what operators must show, or null for nothing
 * @param dashboard the page for people
 */
public record AdminConfig(
        @Nullable HostPort address,
        Set<String> allowedHosts,
        @Nullable OperatorToken token,
        DashboardConfig dashboard) {
    /** Reads the section. */
    public static AdminConfig read(Section section) {
        HostPort address =
                section.parsedOrNull("address", "HOST:PORT such as 127.0.0.1:9901, or nothing", HostPort::parseListen);
        List<String> hosts = section.parsedList("allowed-hosts", "a host name without a port", AdminConfig::name);
        return new AdminConfig(
                address,
                Set.copyOf(hosts),
                section.parsedOrNull("token", OperatorToken.EXPECTED, OperatorToken::parse),
                DashboardConfig.read(section.section("dashboard")));
    }

    /** What an operator should know about the address, or null. */
    public @Nullable String warning() {
        if (token != null || !exposed()) {
            return null;
        }
        return "admin.address: " + address + " can be reached from other machines and asks for no password (expected:"
                + " admin.token, or 127.0.0.1, or a network that only operators reach)";
    }

    /** Whether other machines may reach it. */
    boolean exposed() {
        return address != null && !onLoopback(address);
    }

    private static boolean onLoopback(HostPort address) {
        IpAddress literal = address.address();
        return literal == null ? address.host().equals(HostRule.LOCALHOST) : literal.isLoopback();
    }

    private static String name(String text) {
        return HostPort.parse(text + ":80").host();
    }
}
