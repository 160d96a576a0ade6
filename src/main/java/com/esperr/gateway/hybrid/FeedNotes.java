package com.esperr.gateway.hybrid;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is said about the health of a pushed feed: in the log once for each change, however often it is tried again, and in
 * the readiness check. Written by the loop of the feed, read by any thread.
 */
final class FeedNotes {
    private static final Logger LOG = LoggerFactory.getLogger(PushedFeed.class);
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private volatile @Nullable String trouble = "has not been told everything yet";
    private boolean refused;
    private boolean failing;
    private List<String> unknown = List.of();

    @Nullable
    String trouble() {
        return trouble;
    }

    /** All is well. */
    void ready() {
        if (refused || failing) {
            LOG.info("feed pushed: up to date again");
        }
        refused = false;
        failing = false;
        trouble = unknown.isEmpty() ? null : "cannot recognise " + String.join(", ", unknown);
    }

    /** It answered with that status, which is not 200. */
    void refused(int status) {
        if (status == UNAUTHORIZED || status == FORBIDDEN) {
            trouble = "the API key is refused, status " + status;
            if (!refused) {
                refused = true;
                LOG.error("feed pushed: the API key is refused, status {}; what was told before is enforced", status);
            }
        } else {
            failed("status " + status + " (expected: 200)");
        }
    }

    /** It broke off; if it was up to date, that is only trouble when it cannot be had again at once. */
    void broken(String detail, boolean wasReady) {
        if (wasReady) {
            LOG.info("feed pushed: broke off, asking again: {}", detail);
        } else {
            failed(detail);
        }
    }

    private void failed(String detail) {
        trouble = detail;
        if (!failing) {
            failing = true;
            LOG.warn("feed pushed: cannot be had, what was told before is enforced: {}", detail);
        }
    }

    /** Entities whose fields are not known here. */
    void unknown(List<String> names) {
        if (!names.equals(unknown)) {
            unknown = names;
            if (!names.isEmpty()) {
                LOG.warn("feed pushed: nothing is enforced for {}, whose fields cannot be read here", names);
            }
        }
    }

    /** The note of before the restart is of no use. */
    void forgotten(BadFeed reason) {
        LOG.warn("feed pushed: what was told before the restart is not enforced: {}", reason.said());
    }
}
