package com.esperr.gateway.request;

import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.net.IpAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once that forwarding headers arrive although nobody is trusted to send them: behind a proxy that is missing from the
 * configuration all visitors look like one, and are counted and blocked as one. Thread-safe.
 */
final class UntrustedProxy {
    private static final Logger LOG = LoggerFactory.getLogger(UntrustedProxy.class);

    private final AtomicBoolean watching;

    /** Watches, if {@code nobodyTrusted}. */
    UntrustedProxy(boolean nobodyTrusted) {
        this.watching = new AtomicBoolean(nobodyTrusted);
    }

    /** Looks at one request; after the first finding this is one read of a flag. */
    void look(Fields fields, IpAddress peer) {
        if (!watching.get()) {
            return;
        }
        boolean list = fields.contains(FieldName.X_FORWARDED_FOR);
        if ((list || fields.contains(FieldName.FORWARDED)) && watching.compareAndSet(true, false)) {
            // Not what the header says: that is the visitor's text, and it is the peer who has to be named in the key.
            LOG.warn(
                    "client.trusted-proxies: empty, but {} arrives from {} and does not count (expected: the addresses of"
                            + " the proxies in front, unless visitors connect directly); not said again",
                    list ? "X-Forwarded-For" : "Forwarded",
                    peer);
        }
    }
}
