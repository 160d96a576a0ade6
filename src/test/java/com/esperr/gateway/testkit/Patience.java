package com.esperr.gateway.testkit;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * How long tests wait for what has to come: long enough for a machine with far more to do than it has processors, since the wait ends
 * with the event and only a failure takes it whole. Registered for every test by service file.
 */
public final class Patience implements BeforeAllCallback {
    /** For one thing that has to come. */
    public static final Duration LIMIT = Duration.ofSeconds(60);

    static {
        Awaitility.setDefaultTimeout(LIMIT);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        // That this class is loaded is all it takes.
    }
}
