package com.esperr.gateway.authz;

import com.esperr.gateway.testkit.FrontProxy;
import java.util.Map;

/** nginx with {@code auth_request}. */
class NginxAuthzIT implements AuthzBehaviour {
    @Override
    public AuthzScene scene(Map<String, String> edits) {
        return new AuthzScene("nginx", FrontProxy::nginx, edits);
    }

    @Override
    public Map<String, String> open() {
        return Map.of(
                "# proxy_intercept_errors on;",
                "proxy_intercept_errors on;",
                "# error_page 500 502",
                "error_page 500 502");
    }

    @Override
    public int closed() {
        return 500;
    }
}
