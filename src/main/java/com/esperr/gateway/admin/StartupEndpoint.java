package com.esperr.gateway.admin;

/**
 * {@code /startupz}: 200 once the start is over. The operator port opens behind the ports for visitors, so before that nobody
 * answers. It asks neither for the origin nor for who decides, which may come later: whoever starts an application behind this
 * answer must get it first. Immutable.
 */
public final class StartupEndpoint implements Endpoint {
    @Override
    public String path() {
        return "/startupz";
    }

    @Override
    public String about() {
        return "whether the start is over";
    }

    @Override
    public boolean open() {
        return true;
    }

    @Override
    public AdminReply answer(AdminRequest request) {
        return AdminReply.text(200, "started");
    }
}
