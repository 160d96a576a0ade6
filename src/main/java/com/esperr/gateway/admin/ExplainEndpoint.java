package com.esperr.gateway.admin;

import com.esperr.gateway.explain.ExplanationText;
import com.esperr.gateway.explain.Explanations;
import com.esperr.gateway.http.QueryParameters;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code /explain/REFERENCE}: why a request was answered as it was, in JSON, or with {@code as=text} for people. {@code /explain} alone:
 * the newest of them, a line each, {@code limit=N} at the most. Immutable.
 */
public final class ExplainEndpoint implements Endpoint {
    private static final String PATH = "/explain";
    private static final Pattern REFERENCE = Pattern.compile("[0-9A-Za-z_-]{1,64}");
    private static final Pattern LIMIT = Pattern.compile("[0-9]{1,4}");
    private static final int USUAL = 100;
    private static final int MOST = 1000;

    private final Explanations explanations;

    /** Tells what {@code explanations} has kept. */
    public ExplainEndpoint(Explanations explanations) {
        this.explanations = explanations;
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
                            + explanations.config().lifetime()
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
