package com.esperr.gateway.hybrid;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.request.FieldReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code hybrid}. Immutable.
 *
 * @param feed where mitigations come from
 * @param pushed how a server is followed, meaningful with {@link FeedKind#PUSHED}
 * @param inputs the fields under which a mitigation is remembered
 * @param onMiss what happens when nothing is remembered
 * @param block how long a block is remembered
 * @param challenge how long a challenge is remembered
 * @param allow how long it is remembered that there is nothing to enforce
 * @param maxEntries mitigations at the most
 * @param staleAfter silence of all feeds after which the store is not relied on, or zero
 * @param snapshot the file that outlives the process, or null
 * @param snapshotInterval how often it is written
 */
public record HybridConfig(
        List<FeedKind> feed,
        PushedConfig pushed,
        List<FieldReference> inputs,
        OnMiss onMiss,
        Duration block,
        Duration challenge,
        Duration allow,
        long maxEntries,
        Duration staleAfter,
        @Nullable Path snapshot,
        Duration snapshotInterval) {
    private static final Duration DAY = Duration.ofDays(1);

    /** Reads the section. */
    public static HybridConfig read(Section section) {
        List<FeedKind> feed = section.parsedList("feed", "learned, pushed or shared", FeedKind::parse);
        if (feed.isEmpty()) {
            section.problem("feed", "[]", "at least one of learned, pushed and shared");
        }
        List<FieldReference> inputs =
                section.parsedList("inputs", "a field such as client_ip or cookie[session]", FieldReference::parse);
        if (inputs.isEmpty()) {
            section.problem("inputs", "[]", "at least one field");
        }
        Section remember = section.section("remember");
        return new HybridConfig(
                feed.stream().distinct().toList(),
                PushedConfig.read(section.section("pushed")),
                List.copyOf(inputs),
                section.choice("on-miss", OnMiss.class),
                remember.duration("block", Duration.ofMillis(1), DAY),
                remember.duration("challenge", Duration.ofMillis(1), DAY),
                remember.duration("allow", Duration.ZERO, DAY),
                section.number("max-entries", 1, 100_000_000),
                section.duration("stale-after", Duration.ZERO, DAY),
                section.parsedOrNull("snapshot", "the path of a file", Path::of),
                section.duration("snapshot-interval", Duration.ofMillis(100), DAY));
    }

    /** Whether mitigations come from there. */
    public boolean feeds(FeedKind kind) {
        return feed.contains(kind);
    }
}
