package com.esperr.gateway.server;

import java.util.Set;

/** Takes what bouncers tell of their work, which nobody here asks for: one that is refused complains. Stateless. */
final class UsageMetricsOperation implements Operation {
    @Override
    public String path() {
        return "/v1/usage-metrics";
    }

    @Override
    public Set<String> methods() {
        return Set.of("POST");
    }

    @Override
    public boolean keyed() {
        return true;
    }

    @Override
    public boolean crowdsec() {
        return true;
    }

    @Override
    public void answer(ApiCall call) {
        call.reply(ApiReply.json(201, new byte[0]));
    }
}
