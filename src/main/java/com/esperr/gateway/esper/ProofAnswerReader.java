package com.esperr.gateway.esper;

import com.esperr.gateway.failure.FailureException;
import com.esperr.gateway.failure.FailureReason;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads whether a proof is valid: only if a known flag says so and none says anything else. Thread-safe. A status that
 * refuses the proof is an answer too; whatever cannot be understood is a failure and says nothing about the proof.
 */
public final class ProofAnswerReader {
    private static final long INVALID = -1;
    private static final int DEEPEST = 16;
    private static final int LONGEST_TEXT = 16 * 1024;
    private static final int LONGEST_NAME = 256;
    private static final int LONGEST_NUMBER = 64;

    private final JsonFactory json = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.threadLocalPool())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxStringLength(LONGEST_TEXT)
                    .maxNameLength(LONGEST_NAME)
                    .maxNumberLength(LONGEST_NUMBER)
                    .build())
            .build();
    private final ProofConfig config;
    private final LongSupplier epochMillis;

    /** A reader of answers as {@code config} expects them, at the time of {@code epochMillis}. */
    public ProofAnswerReader(ProofConfig config, LongSupplier epochMillis) {
        this.config = config;
        this.epochMillis = epochMillis;
    }

    /** Whether an answer with {@code status} says something about the proof: not a refused key, a limit or trouble. */
    public static boolean answers(int status) {
        boolean refusal = status >= 400 && status < 500 && status != 401 && status != 408 && status != 429;
        return refusal || (status >= 200 && status < 300);
    }

    /**
     * Reads one answer whose status {@link #answers}.
     *
     * @return what the proof is worth, or null if it does not count
     * @throws FailureException with DECISION_MALFORMED
     */
    public @Nullable ProofAnswer read(int status, byte[] body) {
        if (status >= 300) {
            return null;
        }
        Found found = new Found();
        if (body.length > 0) {
            try (JsonParser parser = json.createParser(body)) {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    throw malformed("not a JSON object");
                }
                object(parser, "", found);
                if (parser.nextToken() != null) {
                    throw malformed("something behind the JSON object");
                }
            } catch (IOException e) {
                // The parser's message quotes the answer, so only its kind is passed on.
                throw malformed("not JSON as expected: " + e.getClass().getSimpleName());
            }
        }
        boolean valid = !found.denied && (found.confirmed || config.acceptBare());
        long end = valid ? end(found) : INVALID;
        return end == INVALID ? null : new ProofAnswer(end, found.method, found.returnHost);
    }

    private void object(JsonParser parser, String prefix, Found found) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String path = prefix + parser.currentName().toLowerCase(Locale.ROOT);
            JsonToken token = parser.nextToken();
            if (config.validFields().contains(path)) {
                found.confirmed |= token == JsonToken.VALUE_TRUE;
                found.denied |= token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_NULL;
                parser.skipChildren();
            } else if (token == JsonToken.START_OBJECT) {
                object(parser, path + '.', found);
            } else if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
                switch (path) {
                    case "expires_at" -> found.expiresAt = parser.getText();
                    case "expires_in" -> found.expiresIn = parser.getText();
                    case "ttl_seconds" -> found.ttl = parser.getText();
                    case "method" -> found.method = parser.getText();
                    case "return_host" -> found.returnHost = parser.getText().toLowerCase(Locale.ROOT);
                    default -> {}
                }
            } else {
                parser.skipChildren();
            }
        }
    }

    /** The end of a valid proof; one whose end cannot be read, or has passed, does not count at all. */
    private long end(Found found) {
        long now = epochMillis.getAsLong();
        String seconds = found.expiresIn == null ? found.ttl : found.expiresIn;
        long left = found.expiresAt != null
                ? moment(found.expiresAt) - now
                : seconds != null ? millis(seconds) : config.lifetime().toMillis();
        long longest = config.maxLifetime().toMillis();
        return left <= 0 ? INVALID : now + Math.min(left, longest);
    }

    /** Seconds since 1970, or RFC 3339; 0 for anything else. */
    private static long moment(String text) {
        long epoch = millis(text);
        if (epoch > 0) {
            return epoch;
        }
        try {
            Instant instant = OffsetDateTime.parse(text).toInstant();
            return Math.max(0, instant.getEpochSecond() * 1000);
        } catch (DateTimeParseException e) {
            return 0;
        }
    }

    /** Seconds as milliseconds, 0 if the text is no number of them. */
    private static long millis(String text) {
        try {
            double seconds = Double.parseDouble(text);
            double most = Duration.ofDays(365_000).toSeconds();
            return seconds > 0 ? (long) (Math.min(seconds, most) * 1000) : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static FailureException malformed(String detail) {
        return new FailureException(FailureReason.DECISION_MALFORMED, "answer about a proof: " + detail);
    }

    /** What was found in one answer; confined to the call that reads it. */
    private static final class Found {
        private boolean confirmed;
        private boolean denied;
        private @Nullable String expiresAt;
        private @Nullable String expiresIn;
        private @Nullable String ttl;
        private @Nullable String method;
        private @Nullable String returnHost;
    }
}
