package com.esperr.gateway.beacon;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.esper.Treatment;
import com.esperr.gateway.transport.BackOff;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code beacon}. Immutable.
 *
 * @param mode what becomes of events
 * @param eventPath the path for one event
 * @param batchPath the path for several, or null
 * @param batchEvents how many are several at most
 * @param choice which requests become events
 * @param path what is done to the path
 * @param clientIp what is done to the visitor's address
 * @param userAgent what is done to the user agent
 * @param fields what else is told
 * @param outcome whether the end of the request is told
 * @param hashKey the secret of hashes, or null for one of our own
 * @param queue how many events may wait in memory
 * @param spool where they are kept
 * @param concurrency how many calls may be under way
 * @param connectTimeout for one TCP connection
 * @param timeout for one call
 * @param backOff the wait after a failure
 * @param unauthorizedPause the wait after the key was refused
 * @param deadLetterBytes when the file of refused events is full
 */
public record BeaconConfig(
        BeaconMode mode,
        String eventPath,
        @Nullable String batchPath,
        int batchEvents,
        EventChoice choice,
        Treatment path,
        Treatment clientIp,
        Treatment userAgent,
        List<EventField> fields,
        boolean outcome,
        @Nullable String hashKey,
        int queue,
        SpoolConfig spool,
        int concurrency,
        Duration connectTimeout,
        Duration timeout,
        BackOff backOff,
        Duration unauthorizedPause,
        long deadLetterBytes) {
    private static final Pattern PATH = Pattern.compile("/[!-\"$->@-~]*");
    private static final String A_PATH = "a path, such as /api/v1/beacon/event";
    private static final Duration SHORTEST = Duration.ofMillis(1);

    /** Reads the section out of the root, and that events will have a tenant. */
    public static BeaconConfig read(Section root) {
        Section section = root.section("beacon");
        Section request = section.section("request");
        BeaconMode mode = section.choice("mode", BeaconMode.class);
        Section esper = root.section("esper");
        if (mode == BeaconMode.ON && esper.string("tenant-id").isEmpty()) {
            esper.problem("tenant-id", "empty", "the tenant, which every event of the beacon carries");
        }
        return new BeaconConfig(
                mode,
                section.parsed("event-path", A_PATH, "/", BeaconConfig::path),
                section.parsedOrNull("batch-path", A_PATH, BeaconConfig::path),
                section.integer("batch-events", 1, 10_000),
                EventChoice.read(section),
                treatment(request, "path"),
                treatment(request, "client-ip"),
                treatment(request, "user-agent"),
                EventField.read(section, "fields"),
                section.flag("outcome"),
                section.stringOrNull("hash-key"),
                section.integer("queue", 64, 1 << 20),
                SpoolConfig.read(section.section("spool")),
                section.integer("concurrency", 1, 1000),
                section.duration("connect-timeout", SHORTEST, Duration.ofMinutes(1)),
                section.duration("call-timeout", SHORTEST, Duration.ofMinutes(10)),
                BackOff.read(section.section("back-off")),
                section.duration("unauthorized-pause", SHORTEST, Duration.ofDays(1)),
                section.bytes("dead-letter-bytes", 4096, 1L << 40));
    }

    /** The directory in which events are kept until they are sent, or null if there are none. */
    public @Nullable Path spooled() {
        return sends() ? spool.directory() : null;
    }

    /** Whether events are sent, so that there must be a key. */
    public boolean sends() {
        return mode == BeaconMode.ON;
    }

    /** The secret of hashes if one is configured, else null. */
    byte @Nullable [] configuredKey() {
        return hashKey == null ? null : hashKey.getBytes(StandardCharsets.UTF_8);
    }

    private static Treatment treatment(Section section, String key) {
        return section.parsed(key, Treatment.EXPECTED, Treatment.AS_IS, Treatment::parse);
    }

    private static String path(String text) {
        if (!PATH.matcher(text).matches()) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }
}
