package com.esperr.gateway.authz;

import com.esperr.gateway.testkit.FrontProxy;
import java.util.Map;

/** Caddy with {@code forward_auth}. */
class CaddyAuthzIT implements AuthzBehaviour {
    @Override
    public AuthzScene scene(Map<String, String> edits) {
        return new AuthzScene("caddy", FrontProxy::caddy, edits);
    }

    @Override
    public Map<String, String> open() {
        return Map.of(
                "\t# handle_errors {\n\t# \treverse_proxy",
                "\thandle_errors {\n\t\treverse_proxy",
                "\t# }\n}",
                "\t}\n}");
    }

    @Override
    public int closed() {
        return 502;
    }
}
