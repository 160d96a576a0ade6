package com.esperr.gateway.admin;

/** {@code /healthz}: 200 as long as the process can answer at all. Immutable. */
public final class HealthEndpoint implements Endpoint {
    @Override
    public String path() {
        return "/healthz";
    }

    @Override
    public String about() {
        return "whether the process lives";
    }

    @Override
    public boolean open() {
        return true;
    }

    @Override
    public AdminReply answer(AdminRequest request) {
        return AdminReply.text(200, "ok");
    }
}
