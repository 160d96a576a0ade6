package com.esperr.gateway.beacon;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.Configurations;
import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.exchange.ExchangeRecord;
import com.esperr.gateway.exchange.Outcome;
import com.esperr.gateway.exchange.Timeline;
import com.esperr.gateway.request.RequestContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Section {@code beacon} as it is read, and exchanges to tell of. */
final class Configured {
    static final String TENANT = "7b0c2f7e-0000-4000-8000-000000000001";

    private Configured() {}

    /** The reference, switched on, with what {@code hocon} says inside the section. */
    static BeaconConfig of(String hocon) {
        return load("esper.tenant-id = \"" + TENANT + "\"\nbeacon.mode = on\nbeacon {\n" + hocon + "\n}\n")
                .value();
    }

    static Loaded<BeaconConfig> load(String hocon) {
        try {
            Path file = Files.createTempFile("beacon", ".conf");
            try {
                Files.writeString(file, hocon);
                return Configurations.read(ConfigSource.load(file, Map.of(), Map.of()), BeaconConfig::read);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ExchangeRecord finished(RequestContext request) {
        return new ExchangeRecord(
                request,
                request.reference(),
                "192.0.2.7",
                request.observedAtMillis(),
                new Timeline(0),
                200,
                Outcome.FORWARDED,
                null,
                true,
                null,
                null,
                "127.0.0.1:3000",
                false,
                false,
                0,
                17);
    }

    static BeaconEvent event(BeaconConfig config, RequestContext request) {
        return BeaconEvent.of(finished(request), request, config.fields(), null);
    }
}
