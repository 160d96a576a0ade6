package com.esperr.gateway.admin;

import com.esperr.gateway.beacon.Beacon;
import com.esperr.gateway.http.QueryParameters;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code /beacon/tail}: the newest events as they leave, a JSON line each. {@code after=N} leaves out those up to sequence N,
 * {@code limit=N} all but the newest N. Immutable.
 */
public final class BeaconTailEndpoint implements Endpoint {
    private static final int USUAL = 100;
    private static final int MOST = 1000;

    private final Supplier<@Nullable Beacon> beacons;

    /** Shows what the beacon of {@code beacons} sends, if there is one. */
    public BeaconTailEndpoint(Supplier<@Nullable Beacon> beacons) {
        this.beacons = beacons;
    }

    @Override
    public String path() {
        return "/beacon/tail";
    }

    @Override
    public String about() {
        return "the newest events for Esper, exactly as they leave";
    }

    @Override
    public AdminReply answer(AdminRequest request) {
        QueryParameters query = QueryParameters.parse(request.query());
        long after;
        int limit;
        try {
            after = number(query.last("after"), -1);
            limit = (int) Math.max(0, Math.min(MOST, number(query.last("limit"), USUAL)));
        } catch (NumberFormatException e) {
            return AdminReply.text(400, "query: not understood (expected: after=N and limit=N)");
        }
        Beacon beacon = beacons.get();
        if (beacon == null) {
            return AdminReply.text(404, "beacon.mode: off (expected: on or dry-run)");
        }
        byte[] lines = beacon.tail(after, limit).getBytes(StandardCharsets.UTF_8);
        return new AdminReply(200, "application/x-ndjson", lines);
    }

    private static long number(@Nullable String text, long standard) {
        return text == null ? standard : Long.parseLong(text);
    }
}
