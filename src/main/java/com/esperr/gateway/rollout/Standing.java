package com.esperr.gateway.rollout;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a rollout stands at a moment. Immutable, but for the tallies of the stage that goes on. */
public final class Standing {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int MOST_RULES = 10;

    private final RolloutConfig config;
    private final String inForce;
    private final @Nullable String candidate;
    private final @Nullable Progress progress;
    private final Contest.@Nullable Round round;

    Standing(
            RolloutConfig config,
            String inForce,
            @Nullable String candidate,
            @Nullable Progress progress,
            Contest.@Nullable Round round) {
        this.config = config;
        this.inForce = inForce;
        this.candidate = candidate;
        this.progress = progress;
        this.round = round;
    }

    /** The word for what has become of it; {@code none} if nothing is rolled out. */
    public String state() {
        return progress == null ? "none" : progress.phase().label();
    }

    /** About which share of visitors the new policies decide. */
    public double share() {
        if (progress == null) {
            return 0;
        }
        return switch (progress.phase()) {
            case RUNNING -> config.share(progress.stage());
            case PROMOTED -> 1;
            case ABORTED, ROLLED_BACK -> 0;
        };
    }

    /** How many requests differ in this stage, while the new policies only compare. */
    public long differences() {
        return round == null
                ? 0
                : round.differences().all().values().stream()
                        .mapToLong(Differences.Difference::count)
                        .sum();
    }

    /** Requests that were seen in this stage, by the new policies or by those in force. */
    public long requests(boolean byNew) {
        return round == null
                ? 0
                : (byNew ? round.now() : round.before()).requests().of();
    }

    /** Everything about it, in JSON. */
    public String json() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("state", state());
            json.writeStringField("set", config.set());
            json.writeStringField("in_force", progress != null && share() == 1 && round == null ? candidate : inForce);
            if (candidate != null && progress != null) {
                progress(json, candidate, progress);
            }
            if (round != null) {
                stage(json, round);
            }
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text + "\n";
    }

    private void progress(JsonGenerator json, String hash, Progress now) throws IOException {
        json.writeStringField("before", inForce);
        json.writeStringField("after", hash);
        json.writeNumberField("stage", now.stage());
        json.writeNumberField("stages", config.last() + 1);
        json.writeStringField("share", Share.text(share()));
        json.writeStringField("began", Instant.ofEpochMilli(now.began()).toString());
        json.writeStringField("since", Instant.ofEpochMilli(now.since()).toString());
        json.writeStringField("reason", now.reason());
    }

    private void stage(JsonGenerator json, Contest.Round now) throws IOException {
        json.writeNumberField("needs_requests", config.requests());
        json.writeNumberField("needs_seconds", config.duration().toSeconds());
        json.writeObjectFieldStart("measures");
        both(json, "challenged_or_blocked", now.now().requests(), now.before().requests());
        both(json, "pass_holders", now.now().passHolders(), now.before().passHolders());
        both(json, "verified_bots", now.now().verifiedBots(), now.before().verifiedBots());
        both(json, "challenges_solved", now.now().solved(), now.before().solved());
        json.writeEndObject();
        json.writeObjectFieldStart("differences");
        for (Map.Entry<String, Differences.Difference> each :
                now.differences().all().entrySet()) {
            json.writeFieldName(each.getKey());
            difference(json, each.getValue());
        }
        json.writeEndObject();
    }

    private static void both(JsonGenerator json, String name, Ratio now, Ratio before) throws IOException {
        json.writeObjectFieldStart(name);
        ratio(json, "new", now);
        ratio(json, "in_force", before);
        json.writeEndObject();
    }

    private static void ratio(JsonGenerator json, String name, Ratio ratio) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("count", ratio.count());
        json.writeNumberField("of", ratio.of());
        json.writeEndObject();
    }

    private static void difference(JsonGenerator json, Differences.Difference difference) throws IOException {
        json.writeStartObject();
        json.writeNumberField("count", difference.count());
        json.writeObjectFieldStart("rules");
        for (Map.Entry<String, Long> rule : difference.rules().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(MOST_RULES)
                .toList()) {
            json.writeNumberField(rule.getKey(), rule.getValue());
        }
        json.writeEndObject();
        json.writeArrayFieldStart("samples");
        for (String sample : difference.samples()) {
            json.writeString(sample);
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
