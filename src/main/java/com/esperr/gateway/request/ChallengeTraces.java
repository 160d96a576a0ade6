package com.esperr.gateway.request;

import com.esperr.gateway.http.Cookies;
import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.QueryParameters;
import com.esperr.gateway.http.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a request brings along from challenges: proofs in its query and cookies of ours. Immutable. It is taken out of the
 * request before anybody looks at it, so that neither a policy nor Esper, an event or the origin ever sees a secret by which
 * another could pass for this visitor.
 *
 * @param proofs every value of {@link ReturnUrl#PROOF_PARAMETER}, decoded, in order
 * @param resumed every value of {@link ReturnUrl#RESUME_PARAMETER}, decoded, in order
 * @param cookies every cookie whose name begins with {@link #COOKIE}
 */
public record ChallengeTraces(List<String> proofs, List<String> resumed, Cookies cookies) {
    /** How the names of our cookies begin, behind {@code __Host-} or {@code __Secure-}. */
    public static final String COOKIE = "esper_challenge";

    /** Of a request that brings nothing. */
    public static final ChallengeTraces NONE = new ChallengeTraces(List.of(), List.of(), Cookies.parse(List.of()));

    private static final List<String> PREFIXES = List.of("__host-", "__secure-");
    private static final byte[] NAME = COOKIE.getBytes(StandardCharsets.US_ASCII);
    /** How far a search may jump when this byte stands where the last of the name would. */
    private static final byte[] JUMPS = new byte[256];

    static {
        Arrays.fill(JUMPS, (byte) NAME.length);
        for (int i = 0; i < NAME.length - 1; i++) {
            JUMPS[NAME[i]] = (byte) (NAME.length - 1 - i);
        }
    }

    /** Whether the request brings nothing. */
    public boolean isEmpty() {
        return proofs.isEmpty() && resumed.isEmpty() && cookies.size() == 0;
    }

    /** A request without its traces, and the traces. */
    record Taken(RequestHead head, @Nullable String query, ChallengeTraces traces) {}

    /** Takes them out of {@code head} and {@code query}, which stay the same instances if there are none. */
    static Taken take(RequestHead head, @Nullable String query) {
        String rest = QueryParameters.without(
                QueryParameters.without(query, ReturnUrl.PROOF_PARAMETER), ReturnUrl.RESUME_PARAMETER);
        boolean proved = !Objects.equals(rest, query);
        if (!proved && !inFields(head.fields())) {
            return new Taken(head, query, NONE);
        }
        List<String> ours = new ArrayList<>();
        Fields cleaned = cleaned(head.fields(), ours);
        RequestHead without = new RequestHead(
                head.method(),
                head.target(),
                head.version(),
                cleaned,
                head.bodyLength(),
                head.keepAlive(),
                head.expectsContinue());
        QueryParameters told = QueryParameters.parse(proved ? query : null);
        ChallengeTraces traces = !proved && ours.isEmpty()
                ? NONE
                : new ChallengeTraces(
                        List.copyOf(told.all(ReturnUrl.PROOF_PARAMETER)),
                        List.copyOf(told.all(ReturnUrl.RESUME_PARAMETER)),
                        Cookies.parse(ours));
        return new Taken(without, rest, traces);
    }

    private static boolean inFields(Fields fields) {
        for (int i = fields.indexOf(FieldName.COOKIE, 0); i >= 0; i = fields.indexOf(FieldName.COOKIE, i + 1)) {
            if (isNamed(fields, i)) {
                return true;
            }
        }
        for (int i = fields.indexOf(FieldName.REFERER, 0); i >= 0; i = fields.indexOf(FieldName.REFERER, i + 1)) {
            if (mayBeProved(fields, i) && isProved(fields.value(i))) {
                return true;
            }
        }
        return false;
    }

    /** Whether line {@code i}, a referer, may hold a proof: the name of the parameter may be encoded, but then some part of it is. */
    private static boolean mayBeProved(Fields fields, int i) {
        return isNamed(fields, i) || holds(fields, i, (byte) '%');
    }

    /** Whether the value of line {@code i} holds {@link #NAME}, with which the parameter begins as well. */
    private static boolean isNamed(Fields fields, int i) {
        byte[] block = fields.block();
        int end = fields.valueEnd(i);
        int last = fields.valueStart(i) + NAME.length - 1;
        while (last < end) {
            if (Arrays.equals(block, last + 1 - NAME.length, last + 1, NAME, 0, NAME.length)) {
                return true;
            }
            last += JUMPS[block[last] & 0xff];
        }
        return false;
    }

    private static boolean isProved(String referer) {
        return !ReturnUrl.withoutProof(referer).equals(referer);
    }

    private static boolean holds(Fields fields, int i, byte wanted) {
        for (int at = fields.valueStart(i); at < fields.valueEnd(i); at++) {
            if (fields.block()[at] == wanted) {
                return true;
            }
        }
        return false;
    }

    private static Fields cleaned(Fields fields, List<String> ours) {
        Fields.Builder rest = Fields.builder(fields.size(), fields.length());
        int copied = 0;
        for (int i = 0; i < fields.size(); i++) {
            FieldName name = fields.known(i);
            boolean cookie = name == FieldName.COOKIE && isNamed(fields, i);
            if (cookie || (name == FieldName.REFERER && mayBeProved(fields, i))) {
                String value = fields.value(i);
                String left = cookie ? othersOf(value, ours) : ReturnUrl.withoutProof(value);
                if (!left.equals(value)) {
                    rest.copy(fields, copied, i);
                    copied = i + 1;
                    if (!cookie || !left.isEmpty()) {
                        rest.add(fields.name(i), left);
                    }
                }
            }
        }
        return rest.copy(fields, copied, fields.size()).build();
    }

    /** The cookies of a line that are not ours, as they stand; the others are added to {@code ours}. */
    private static String othersOf(String line, List<String> ours) {
        StringBuilder others = new StringBuilder(line.length());
        for (String crumb : line.split(";", -1)) {
            if (isOurs(crumb)) {
                ours.add(crumb);
            } else {
                others.append(others.isEmpty() ? "" : ";").append(crumb);
            }
        }
        return others.length() == line.length() ? line : others.toString().strip();
    }

    private static boolean isOurs(String crumb) {
        int equals = crumb.indexOf('=');
        String name = (equals < 0 ? crumb : crumb.substring(0, equals)).strip();
        for (String prefix : PREFIXES) {
            // A browser knows these prefixes in any case.
            if (name.regionMatches(/* ignoreCase= */ true, 0, prefix, 0, prefix.length())) {
                name = name.substring(prefix.length());
                break;
            }
        }
        return name.equals(COOKIE) || name.startsWith(COOKIE + '_');
    }
}
