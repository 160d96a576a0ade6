package com.esperr.gateway.admin;

import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.explain.Explanations;
import com.esperr.gateway.policy.PolicyEngine;
import com.esperr.gateway.telemetry.Metrics;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code /dashboard/events}: server-sent events with what the dashboard shows, made once a second for all who look together; while
 * nobody does, only the numbers of the lines are read now and then. Confined to the admin thread.
 */
public final class EventsEndpoint implements Endpoint {
    static final String PATH = "/dashboard/events";
    /** While nobody looks, this many ticks go by from one point of the lines to the next. */
    static final int IDLE_TICKS = 5;

    private static final byte[] RETRY = "retry: 2000\n\n".getBytes(StandardCharsets.US_ASCII);

    private final Overview overview;
    private final Viewers viewers;
    private int idle = IDLE_TICKS;
    private String told = "";

    private EventsEndpoint(Overview overview, Viewers viewers) {
        this.overview = overview;
        this.viewers = viewers;
    }

    /**
     * Of that gateway or service.
     *
     * @param checks what must be in order
     * @param engines of each tenant, or with each set of policies; empty if policies decide nothing here
     * @param explanations of which the newest are shown, or null
     * @param nanos the clock for rates
     * @param millis the clock for people
     */
    public static EventsEndpoint of(
            DashboardConfig config,
            Metrics metrics,
            Supplier<List<ReadinessCheck>> checks,
            Tenants<PolicyEngine> engines,
            @Nullable Explanations explanations,
            LongSupplier nanos,
            LongSupplier millis) {
        Overview.Newest recent = explanations == null ? limit -> "" : explanations::newest;
        return new EventsEndpoint(
                new Overview(new Overview.Terms(metrics, checks, engines, recent, nanos, millis)),
                new Viewers(config.viewers()));
    }

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public String about() {
        return "what the dashboard shows, as server-sent events";
    }

    @Override
    public boolean ownPagesOnly() {
        return true;
    }

    @Override
    public AdminReply answer(AdminRequest request) {
        if (!viewers.hasRoom()) {
            viewers.refuse();
            return full();
        }
        ByteArrayOutputStream first = new ByteArrayOutputStream();
        String now = overview.now();
        first.writeBytes(RETRY);
        first.writeBytes(Viewers.event("history", overview.history()));
        first.writeBytes(Viewers.event("tables", overview.tables()));
        first.writeBytes(Viewers.event("now", now));
        return AdminReply.stream(first.toByteArray(), viewers);
    }

    static AdminReply full() {
        return AdminReply.text(503, "viewers: as many as admin.dashboard.viewers (expected: one of them leaves)");
    }

    Fill fill() {
        return viewers.fill();
    }

    /** A second has passed; {@code gate} knows who may go on looking. */
    void tick(Gate gate) {
        if (viewers.isEmpty()) {
            told = "";
            if (++idle >= IDLE_TICKS) {
                idle = 0;
                overview.remember();
            }
            return;
        }
        idle = 0;
        byte[] now = Viewers.event("now", overview.now());
        String tables = overview.tables();
        boolean fresh = !tables.equals(told);
        told = tables;
        viewers.tell(now, Viewers.event("tables", tables), fresh, gate);
    }
}
