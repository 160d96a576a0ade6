package com.esperr.gateway.policy;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Estimates how large a regular expression becomes when its counted repeats are written out, before anything tries to:
 * {@code ((a{1000}){1000}){1000}} is 23 characters and fills any memory. Malformed expressions get any number. Confined to
 * one call.
 */
final class RepeatSize {
    private static final Pattern REPEAT = Pattern.compile("\\{([0-9]{1,6})(?:,([0-9]{0,6}))?\\}");
    // Beyond this nobody needs the exact number, and it must not overflow.
    private static final long ENOUGH = 1L << 40;

    private final String regex;
    private final Matcher repeats;
    private final Deque<Long> outer = new ArrayDeque<>();
    private long sum;
    private long last;

    private RepeatSize(String regex) {
        this.regex = regex;
        this.repeats = REPEAT.matcher(regex);
    }

    /** The number of single-character steps, roughly. */
    static long of(String regex) {
        RepeatSize size = new RepeatSize(regex);
        int at = 0;
        while (at < regex.length() && size.sum < ENOUGH) {
            at = size.step(at);
        }
        return size.outer.stream().mapToLong(Long::longValue).sum() + size.sum;
    }

    private int step(int at) {
        switch (regex.charAt(at)) {
            case '\\' -> {
                atom(1);
                return at + 2;
            }
            case '[' -> {
                atom(1);
                return endOfClass(at);
            }
            case '(' -> {
                outer.push(sum);
                sum = 0;
            }
            case ')' -> {
                long group = sum + 2;
                sum = outer.isEmpty() ? 0 : outer.pop();
                atom(group);
            }
            case '{' -> {
                return repeat(at);
            }
            default -> atom(1);
        }
        return at + 1;
    }

    private void atom(long size) {
        last = size;
        sum += size;
    }

    private int repeat(int at) {
        if (!repeats.find(at) || repeats.start() != at) {
            atom(1);
            return at + 1;
        }
        String most = repeats.group(2) == null || repeats.group(2).isEmpty() ? repeats.group(1) : repeats.group(2);
        long repeated = last * Math.max(1, Long.parseLong(most));
        sum += repeated - last;
        last = repeated;
        return repeats.end();
    }

    /** Behind the bracket that closes the class; one that comes first, or escaped, does not close it. */
    private int endOfClass(int open) {
        int at = open + 1;
        if (at < regex.length() && regex.charAt(at) == '^') {
            at++;
        }
        for (int i = at; i < regex.length(); i++) {
            if (regex.charAt(i) == '\\') {
                i++;
            } else if (regex.charAt(i) == ']' && i > at) {
                return i + 1;
            }
        }
        return regex.length();
    }
}
