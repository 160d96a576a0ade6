package com.esperr.client;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * Reads whether a proof is valid: only if a known flag says so and none denies it. Immutable. A proof that Esper refuses (4xx) is
 * invalid; a refused key, a rate limit and trouble at Esper say nothing about the proof, so they are failures.
 */
final class VerificationReader implements AnswerReader<ProofVerification> {
    private static final Duration STANDARD = Duration.ofMinutes(5);
    private static final Duration LONGEST = Duration.ofHours(24);

    private final Settings settings;
    private final Timing timing;

    VerificationReader(Settings settings, Timing timing) {
        this.settings = settings;
        this.timing = timing;
    }

    @Override
    public boolean answers(int status) {
        boolean refusal = status >= 400 && status <= 499 && status != 401 && status != 408 && status != 429;
        return refusal || (status >= 200 && status <= 299);
    }

    @Override
    public ProofVerification read(int status, HttpHeaders headers, byte[] body) throws MalformedAnswerException {
        if (status > 299) {
            return ProofVerification.INVALID;
        }
        if (body.length == 0) {
            return settings.acceptBareVerification() ? until(STANDARD) : ProofVerification.INVALID;
        }
        JsonAnswer answer = JsonAnswer.parse(body);
        return isValid(answer) ? until(lifetime(answer)) : ProofVerification.INVALID;
    }

    private boolean isValid(JsonAnswer answer) {
        boolean bare = true;
        for (String path : settings.answerKeys().valid()) {
            Object flag = answer.at(path);
            if (flag != null && !flag.equals(true)) {
                return false;
            }
            bare &= flag == null;
        }
        return !bare || settings.acceptBareVerification();
    }

    private ProofVerification until(Duration lifetime) {
        if (lifetime.isZero() || lifetime.isNegative()) {
            return ProofVerification.INVALID;
        }
        return new ProofVerification(true, timing.now().plus(lifetime.compareTo(LONGEST) < 0 ? lifetime : LONGEST));
    }

    /** How long the proof lives; a proof whose end cannot be read does not live at all. */
    private Duration lifetime(JsonAnswer answer) {
        Object end = answer.at("expires_at");
        if (end != null) {
            Instant moment = moment(end);
            return moment == null ? Duration.ZERO : Duration.between(timing.now(), moment);
        }
        for (String name : new String[] {"expires_in", "ttl_seconds"}) {
            Object seconds = answer.at(name);
            if (seconds != null) {
                return seconds instanceof Double number ? seconds(number) : Duration.ZERO;
            }
        }
        return STANDARD;
    }

    private static @Nullable Instant moment(Object end) {
        try {
            if (end instanceof Double epochSeconds) {
                return Instant.ofEpochSecond(epochSeconds.longValue());
            }
            return end instanceof String text ? OffsetDateTime.parse(text).toInstant() : null;
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static Duration seconds(double number) {
        return Duration.ofMillis((long) (Math.min(number, (double) LONGEST.toSeconds()) * 1000));
    }
}
