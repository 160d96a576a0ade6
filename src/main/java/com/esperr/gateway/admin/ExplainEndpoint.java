package com.esperr.gateway.admin;

import com.esperr.gateway.config.TimeSpan;
import com.esperr.gateway.explain.CurlCommand;
import com.esperr.gateway.explain.ExplanationText;
import com.esperr.gateway.explain.Explanations;
import com.esperr.gateway.explain.Rehearsal;
import com.esperr.gateway.http.QueryParameters;
import com.esperr.gateway.net.IpAddress;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code /explain/REFERENCE}: why a request was answered as it was, in JSON, or with {@code as=text} for people. {@code /explain} alone:
 * the newest of them, a line each, {@code limit=N} at the most. Immutable.
 */
public final class ExplainEndpoint implements ChangingEndpoint {
    private static final String PATH = "/explain";
    private static final Pattern REFERENCE = Pattern.compile("[0-9A-Za-z_-]{1,64}");
    private static final Pattern LIMIT = Pattern.compile("[0-9]{1,4}");
    private static final int USUAL = 100;
    private static final int MOST = 1000;

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
    /** For examples only (RFC 5737). */
    private static final String SOMEBODY = "192.0.2.1";

    private final Explanations explanations;
    private final Supplier<@Nullable Rehearsal> rehearsal;

    /**
     * Tells what {@code explanations} has kept.
     *
     * @param rehearsal says what would become of a request, or null while policies decide nothing
     */
    public ExplainEndpoint(Explanations explanations, Supplier<@Nullable Rehearsal> rehearsal) {
        this.explanations = explanations;
        this.rehearsal = rehearsal;
    }

    /** POST of a curl command changes nothing; it is one because only whoever is an operator may try. */
    @Override
    public AdminReply change(AdminChange change) {
        Rehearsal known = rehearsal.get();
        if (change.remove() || known == null) {
            return AdminReply.text(
                    405,
                    change.remove()
                            ? "method: not allowed (expected: GET, HEAD, POST)"
                            : "mode: not one in which policies decide (expected: local, or monitor of it)");
        }
        QueryParameters query = QueryParameters.parse(change.query());
        try {
            String told = known.of(CurlCommand.parse(change.body()), circumstances(query));
            return "text".equals(query.last("as"))
                    ? AdminReply.of(200, "text/plain; charset=utf-8", ExplanationText.of(told))
                    : AdminReply.json(200, told + '\n');
        } catch (IllegalArgumentException wrong) {
            return AdminReply.text(422, String.valueOf(wrong.getMessage()));
        }
    }

    private static Rehearsal.Circumstances circumstances(QueryParameters query) {
        String address = query.last("client");
        IpAddress client = IpAddress.parseOrNull(address == null ? SOMEBODY : address);
        if (client == null) {
            throw new IllegalArgumentException("client: not understood (expected: an IP address)");
        }
        return new Rehearsal.Circumstances(client, number(query, "hits", 1), number(query, "pass", 0));
    }

    private static int number(QueryParameters query, String name, int usual) {
        String text = query.last(name);
        if (text != null && !NUMBER.matcher(text).matches()) {
            throw new IllegalArgumentException(name + ": not understood (expected: a number)");
        }
        return text == null ? usual : Integer.parseInt(text);
    }

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public String about() {
        return "why requests were not simply forwarded; /explain/REFERENCE for one";
    }

    @Override
    public boolean answersBelow() {
        return true;
    }

    @Override
    public AdminReply answer(AdminRequest request) {
        QueryParameters query = QueryParameters.parse(request.query());
        if (request.path().equals(PATH)) {
            return newest(query.last("limit"));
        }
        String reference = request.path().substring(PATH.length() + 1);
        if (!REFERENCE.matcher(reference).matches()) {
            return AdminReply.text(
                    400, "reference: not one (expected: up to 64 letters and digits, as Esper-Reference says it)");
        }
        String found = explanations.find(reference.toUpperCase(Locale.ROOT));
        if (found == null) {
            return AdminReply.text(
                    404,
                    "reference: " + reference
                            + " is not known here (expected: that of a request that was not simply forwarded, within "
                            + TimeSpan.format(explanations.config().lifetime())
                            + "; explain.entries and explain.bytes say how many are kept)");
        }
        return "text".equals(query.last("as"))
                ? AdminReply.of(200, "text/plain; charset=utf-8", ExplanationText.of(found))
                : AdminReply.json(200, found + '\n');
    }

    private AdminReply newest(@Nullable String limit) {
        if (limit != null && !LIMIT.matcher(limit).matches()) {
            return AdminReply.text(400, "limit: not understood (expected: 0.." + MOST + ")");
        }
        int most = limit == null ? USUAL : Math.min(MOST, Integer.parseInt(limit));
        return AdminReply.of(200, "application/x-ndjson", explanations.newest(most));
    }
}
