package com.esperr.gateway.server;

import java.util.Set;
import java.util.function.BooleanSupplier;

/** Whether the process lives, or whether it should be asked; says no more, because anybody may ask. Thread-safe. */
final class StatusOperation implements Operation {
    private final String path;
    private final String yes;
    private final String no;
    private final BooleanSupplier condition;

    private StatusOperation(String path, String yes, String no, BooleanSupplier condition) {
        this.path = path;
        this.yes = yes;
        this.no = no;
        this.condition = condition;
    }

    static StatusOperation health() {
        return new StatusOperation("/healthz", "ok", "", () -> true);
    }

    static StatusOperation readiness(BooleanSupplier ready) {
        return new StatusOperation("/readyz", "ready", "not ready", ready);
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public Set<String> methods() {
        return Set.of("GET", "HEAD");
    }

    @Override
    public boolean keyed() {
        return false;
    }

    @Override
    public void answer(ApiCall call) {
        call.reply(condition.getAsBoolean() ? ApiReply.text(200, yes) : ApiReply.text(503, no));
    }
}
