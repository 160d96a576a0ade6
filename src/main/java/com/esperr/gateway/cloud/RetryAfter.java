package com.esperr.gateway.cloud;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** The value of a Retry-After field: seconds or a date (RFC 9110 section 10.2.3). Stateless. */
public final class RetryAfter {
    private static final int LONGEST_NUMBER = 9;

    private RetryAfter() {}

    /** How long to wait from {@code now}, never negative; null if the value says nothing. */
    public static @Nullable Duration parse(@Nullable String value, Instant now) {
        if (value == null || value.isEmpty()) {
            return null;
        }
        if (value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            String digits = value.length() <= LONGEST_NUMBER ? value : "9".repeat(LONGEST_NUMBER);
            return Duration.ofSeconds(Long.parseLong(digits));
        }
        try {
            Instant date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration wait = Duration.between(now, date);
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
