package com.esperr.gateway.bouncers;

import com.esperr.gateway.decision.Action;
import com.esperr.gateway.net.Cidr;
import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.policy.ActiveMitigation;
import com.esperr.gateway.state.Replicated.Kept;
import com.esperr.gateway.state.StateKey;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a bouncer does about one address or network. Immutable.
 *
 * @param network whom it is about
 * @param type {@code ban} or {@code captcha}
 * @param scenario why
 * @param id a number that stays the same while it is active
 * @param uuid leads to the request by which it came about
 * @param expiresAtMillis epoch milliseconds
 */
record BouncerDecision(Cidr network, String type, String scenario, long id, String uuid, long expiresAtMillis) {
    static final String BAN = "ban";
    static final String ORIGIN = "esper";

    /** What JavaScript can count to. */
    private static final long MOST = (1L << 53) - 1;

    private static final String ADDRESS = "client_ip";

    /** What {@code kept} comes to, or null if it is not about an address. */
    static @Nullable BouncerDecision of(StateKey key, Kept<ActiveMitigation> kept, int ipv6Prefix) {
        ActiveMitigation mitigation = kept.value();
        String text = mitigation.values().get(ADDRESS);
        IpAddress address = text == null ? null : IpAddress.parseOrNull(text);
        if (address == null) {
            return null;
        }
        int bits = address.isIpv6() ? ipv6Prefix : address.width();
        String policy = mitigation.policy();
        String clause = mitigation.clause();
        String scenario = ORIGIN + '/' + (policy == null ? "manual" : clause == null ? policy : policy + '/' + clause);
        return new BouncerDecision(
                new Cidr(address.prefix(bits), bits),
                mitigation.action() == Action.BLOCK ? BAN : "captcha",
                scenario,
                (key.high() ^ key.low()) & MOST,
                mitigation.decisionId(),
                kept.expiresAtMillis());
    }

    /** Of two about the same address the one that counts: a ban, then the longer one. */
    BouncerDecision or(BouncerDecision other) {
        if (!type.equals(other.type)) {
            return type.equals(BAN) ? this : other;
        }
        return expiresAtMillis >= other.expiresAtMillis ? this : other;
    }

    /** Whether a bouncer that knows this one need not be told {@code other}. */
    boolean says(BouncerDecision other) {
        return id == other.id && type.equals(other.type) && expiresAtMillis == other.expiresAtMillis;
    }

    String scope() {
        return network.bits() == network.network().width() ? "Ip" : "Range";
    }

    String value() {
        return scope().equals("Ip") ? network.network().toString() : network.toString();
    }

    /** As CrowdSec's local API writes it. */
    void write(JsonGenerator out, long nowMillis) throws IOException {
        out.writeStartObject();
        out.writeStringField("duration", duration(expiresAtMillis - nowMillis));
        out.writeNumberField("id", id);
        out.writeStringField("origin", ORIGIN);
        out.writeStringField("scenario", scenario);
        out.writeStringField("scope", scope());
        out.writeStringField("type", type);
        out.writeStringField("uuid", uuid);
        out.writeStringField("value", value());
        out.writeEndObject();
    }

    /** As Go writes durations: {@code 3h59m59.25s}. */
    static String duration(long millis) {
        long left = Math.abs(millis);
        StringBuilder text = new StringBuilder(millis < 0 ? "-" : "");
        long hours = left / 3_600_000;
        long minutes = left / 60_000 % 60;
        if (hours > 0) {
            text.append(hours).append('h');
        }
        if (hours > 0 || minutes > 0) {
            text.append(minutes).append('m');
        }
        text.append(left / 1000 % 60);
        String fraction = String.format("%03d", left % 1000).replaceFirst("0+$", "");
        return text.append(fraction.isEmpty() ? "" : "." + fraction).append('s').toString();
    }
}
