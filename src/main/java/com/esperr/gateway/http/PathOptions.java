package com.esperr.gateway.http;

/**
 * Which ambiguous spellings of a path are let through. All are refused unless the protected application needs one, because origins
 * differ in what they take them for. Immutable.
 *
 * @param semicolon {@code ;} and {@code %3B}, path parameters such as {@code ;jsessionid=1}
 * @param encodedSlash {@code %2F}, as in the paths of GitLab's API or scoped npm packages
 * @param doubleEncoding {@code %25} before two hexadecimal digits, as in the branch names of Jenkins
 * @param trailingDotOrSpace segments that end in {@code .} or {@code %20}, as in titles of a wiki
 */
public record PathOptions(
        Treatment semicolon, Treatment encodedSlash, Treatment doubleEncoding, Treatment trailingDotOrSpace) {

    /** Refuses every ambiguous spelling. */
    public static final PathOptions STRICT =
            new PathOptions(Treatment.REFUSE, Treatment.REFUSE, Treatment.REFUSE, Treatment.REFUSE);

    /** What happens to a spelling. */
    public enum Treatment {
        REFUSE,
        KEEP
    }
}
