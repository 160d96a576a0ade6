package com.esperr.gateway.server;

import com.esperr.gateway.testkit.TestService;
import java.net.http.HttpResponse;

/** Policies that block or challenge an address, and visitors who are more than theirs. Static only. */
final class BouncerPolicies {
    static final String HOCON = """
            mitigations = [ { mitigation_id = ask, mode = challenge } ]
            entities = [ { name = address, key_fields = [ client_ip ] } ]
            policies = [ { policy_id = traps, clauses = [
              { name = block, match { field = request_path, operator = equals, value = "/block" }, mitigation = block,
                lifetime = 4h, entity = address }
              { name = ask, match { field = request_path, operator = equals, value = "/ask" }, mitigation = ask,
                lifetime = 4h, entity = address }
              { name = both, match { field = request_path, operator = equals, value = "/both" }, mitigation = block,
                lifetime = 4h, entity = ip-user-agent }
            ] } ]
            """;

    private BouncerPolicies() {}

    /** A visitor of {@code tenant} from {@code address} asks for {@code path}. */
    static HttpResponse<String> visit(TestService service, String tenant, String address, String path) {
        return service.post(tenant, "/api/v1/runtime/mitigation", """
                {"source":"edge","observed_at":"2026-05-04T08:15:30Z","return_url":"https://shop.test/",
                 "request":{"method":"GET","path":"%s","client_ip":"%s","user_agent":"Firefox"},"fields":{"a":1}}
                """.formatted(path, address));
    }
}
