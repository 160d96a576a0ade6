package com.esperr.gateway.testkit;

/** Questions and events as clients of Esper's API write them. Stateless. */
public final class Questions {
    private Questions() {}

    /** A question about a GET of {@code path} by {@code userAgent} from {@code address}. */
    public static String question(String key, String path, String address, String userAgent) {
        return """
                { "source": "edge-gw-eu", "observed_at": "2026-05-04T08:15:30.120Z", "idempotency_key": "%1$s",
                  "return_url": "https://shop.test%2$s?step=2",
                  "request": { "method": "GET", "path": "%2$s",
                    "headers": {"user-agent": "%4$s", "x-forwarded-for": "%3$s"},
                    "query_params": {"step": "2"}, "cookies": {"sid": "c0ffee"}, "route_params": {},
                    "client_ip": "%3$s", "user_agent": "%4$s" },
                  "fields": {"probe": "1"} }
                """.formatted(key, path, address, userAgent);
    }

    /** An event about a POST to {@code path} by {@code userAgent} from {@code address}. */
    public static String event(String tenant, String key, String path, String address, String userAgent) {
        return """
                { "tenant_id": "%1$s", "source": "edge-gw-eu", "observed_at": "2026-05-04T08:15:30Z",
                  "idempotency_key": "%2$s",
                  "request": {"method": "POST", "path": "%3$s", "client_ip": "%4$s", "user_agent": "%5$s"},
                  "fields": {"email": "a@shop.test", "account_id": "c-77"} }
                """.formatted(tenant, key, path, address, userAgent);
    }
}
