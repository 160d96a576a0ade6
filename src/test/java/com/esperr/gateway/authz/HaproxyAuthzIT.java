package com.esperr.gateway.authz;

import com.esperr.gateway.testkit.FrontProxy;
import java.util.Map;

/** HAProxy with the script that comes along. */
class HaproxyAuthzIT implements AuthzBehaviour {
    @Override
    public AuthzScene scene(Map<String, String> edits) {
        return new AuthzScene("haproxy", FrontProxy::haproxy, edits);
    }

    @Override
    public Map<String, String> open() {
        return Map.of("/authz closed", "/authz open");
    }

    @Override
    public int closed() {
        return 503;
    }
}
