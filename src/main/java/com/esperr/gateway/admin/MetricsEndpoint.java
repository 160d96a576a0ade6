package com.esperr.gateway.admin;

import com.esperr.gateway.telemetry.Metrics;
import com.esperr.gateway.telemetry.Scrape;

/** {@code /metrics}: the exposition for Prometheus and its relatives. Thread-safe. */
public final class MetricsEndpoint implements Endpoint {
    private final Metrics metrics;

    /** Shows {@code metrics}. */
    public MetricsEndpoint(Metrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public String path() {
        return "/metrics";
    }

    @Override
    public String about() {
        return "what was counted, for Prometheus";
    }

    @Override
    public boolean open() {
        return true;
    }

    @Override
    public AdminReply answer(AdminRequest request) {
        Scrape scrape = metrics.scrape(request.accept());
        return new AdminReply(200, scrape.contentType(), scrape.body());
    }
}
