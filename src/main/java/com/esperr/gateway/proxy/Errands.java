package com.esperr.gateway.proxy;

import com.esperr.gateway.http.RequestHead;

/** What the requests of one listener are about. Thread-safe. */
@FunctionalInterface
interface Errands {
    /** Each is about itself. */
    Errands VISITS = (received, services) -> Errand.VISIT;

    /** What {@code received} is about. */
    Errand of(RequestHead received, ExchangeServices services);
}
