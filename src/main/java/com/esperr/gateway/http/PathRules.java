package com.esperr.gateway.http;

import com.esperr.gateway.http.PathOptions.Treatment;

/**
 * Turns the path of a request into its one form, on which it is decided and in which it is forwarded, or refuses it. The rule: a
 * policy on {@code /admin} meets every spelling that an origin would take for {@code /admin}, or the spelling is refused.
 *
 * <table>
 *   <caption>What happens to a spelling</caption>
 *   <tr><th>In the path</th><th>Becomes</th></tr>
 *   <tr><td>{@code %41}, {@code %7e}, {@code %2e}: letters, digits, {@code - . _ ~}</td><td>decoded: {@code A}, {@code ~}, {@code .}</td></tr>
 *   <tr><td>other triplets ({@code %c3%a9}, {@code %23}, {@code %3f})</td><td>kept, with upper-case digits: {@code %C3%A9}</td></tr>
 *   <tr><td>{@code %}, {@code %4}, {@code %zz}, {@code %u0041}</td><td>refused</td></tr>
 *   <tr><td>{@code %00}–{@code %1F}, {@code %7F}, {@code %C2%80}–{@code %C2%9F}</td><td>refused</td></tr>
 *   <tr><td>triplets that are not UTF-8: overlong, cut short, surrogates, Latin-1</td><td>refused</td></tr>
 *   <tr><td>{@code \} and {@code %5C}</td><td>refused</td></tr>
 *   <tr><td>{@code %2F}</td><td>refused, or kept and decided on as {@code /} ({@link PathOptions#encodedSlash})</td></tr>
 *   <tr><td>{@code %25} before two hexadecimal digits or {@code uXXXX}</td><td>refused, or kept ({@link PathOptions#doubleEncoding})</td></tr>
 *   <tr><td>{@code ;} and {@code %3B}</td><td>refused, or kept ({@link PathOptions#semicolon})</td></tr>
 *   <tr><td>segment that ends in {@code .} or {@code %20}</td><td>refused, or kept ({@link PathOptions#trailingDotOrSpace})</td></tr>
 *   <tr><td>{@code .} and {@code ..} segments, also spelled {@code %2e}</td><td>removed (RFC 3986 5.2.4)</td></tr>
 *   <tr><td>{@code ..} above the root</td><td>refused</td></tr>
 *   <tr><td>{@code ..;x}, {@code ..%20}, {@code a%2F..}: dot segments to some origins</td><td>refused always</td></tr>
 *   <tr><td>{@code //}</td><td>{@code /}</td></tr>
 *   <tr><td>space, control, {@code #}, {@code ?}, bytes beyond ASCII</td><td>refused</td></tr>
 *   <tr><td>case, other characters such as <code>| { } " ^</code>, the trailing slash</td><td>kept</td></tr>
 * </table>
 *
 * <p>Normalising a normal form changes nothing. Immutable, thread-safe; a path of plain characters is returned as it came.
 */
public final class PathRules {

    private final PathOptions options;

    public PathRules(PathOptions options) {
        this.options = options;
    }

    /** The normal form of {@code rawPath}, which is everything before the question mark, or why it is refused. */
    public PathResult normalise(String rawPath) {
        if (isPlain(rawPath)) {
            return new NormalPath(rawPath, rawPath);
        }
        if (rawPath.isEmpty() || rawPath.charAt(0) != '/') {
            return PathRefusal.NOT_ABSOLUTE;
        }
        StringBuilder canonical = new StringBuilder(rawPath.length());
        PathRefusal refusal = new PercentCanon(rawPath, options).writeTo(canonical);
        if (refusal != null) {
            return refusal;
        }
        StringBuilder reduced = new StringBuilder(canonical.length());
        refusal = new SegmentRules(canonical, options).writeTo(reduced);
        if (refusal != null) {
            return refusal;
        }
        String forward = rawPath.contentEquals(reduced) ? rawPath : reduced.toString();
        return new NormalPath(forward, PercentCanon.decoded(forward));
    }

    /** Whether a path is surely its own normal form, found in one look at each character. */
    private static boolean isPlain(String path) {
        if (path.isEmpty() || path.charAt(0) != '/') {
            return false;
        }
        char previous = 0;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (!PathCharacters.isPlain(c)
                    || (previous == '/' && (c == '/' || c == '.'))
                    || (previous == '.' && c == '/')) {
                return false;
            }
            previous = c;
        }
        return previous != '.';
    }

    static boolean refused(Treatment treatment) {
        return treatment == Treatment.REFUSE;
    }
}
