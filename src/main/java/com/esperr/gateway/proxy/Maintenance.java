package com.esperr.gateway.proxy;

import com.esperr.gateway.failure.FailureException;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.LocalReply;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.request.RequestContext;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether visitors are told to come back later, before anything is decided about them: because an operator says so, or because a
 * file is there. Thread-safe; {@link #look} blocks, on one thread, and {@link #turn} is for the one of
 * operators.
 */
public final class Maintenance implements EarlyAnswer {
    private static final Logger LOG = LoggerFactory.getLogger(Maintenance.class);

    private volatile MaintenanceConfig config;
    private volatile boolean ordered;
    private volatile boolean fileThere;

    Maintenance(MaintenanceConfig config) {
        this.config = config;
        this.ordered = config.enabled();
        if (ordered) {
            LOG.info("maintenance: on (maintenance.enabled)");
        }
        look();
    }

    @Override
    public @Nullable LocalReply answer(RequestHead head, RequestContext request) {
        if (on() && !config.exempts(request)) {
            throw new FailureException(FailureReason.MAINTENANCE, "maintenance is on");
        }
        return null;
    }

    /** From now on it is as {@code next} says; what an operator ordered stays unless {@code maintenance.enabled} has changed. */
    void configure(MaintenanceConfig next) {
        boolean before = config.enabled();
        config = next;
        if (next.enabled() != before) {
            turn(next.enabled(), "maintenance.enabled");
        }
    }

    /** Whether it is on. */
    public boolean on() {
        return ordered || fileThere;
    }

    /** Whether an operator, or the configuration, wants it on. */
    public boolean ordered() {
        return ordered;
    }

    /** The file that keeps it on, or null if none does. */
    public @Nullable Path file() {
        return fileThere ? config.file() : null;
    }

    /** Switches it on, or off as far as the file lets it, as {@code by} says. */
    public void turn(boolean on, String by) {
        if (ordered != on) {
            ordered = on;
            LOG.info(
                    "maintenance: {} by {}{}",
                    on ? "on" : "off",
                    by,
                    !on && fileThere ? ", but its file is there" : "");
        }
    }

    /** Looks whether the file is there. */
    public void look() {
        Path file = config.file();
        boolean there = file != null && Files.exists(file);
        if (there != fileThere) {
            fileThere = there;
            LOG.info("maintenance: {} ({} is {})", on() ? "on" : "off", file, there ? "there" : "gone");
        }
    }
}
