package com.esperr.gateway.esper;

import com.esperr.gateway.http.QueryParameters;
import com.esperr.gateway.request.BodyFields;
import com.esperr.gateway.request.BodyReader;
import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Tier;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds in the beginning of a body what {@code esper.fields} asks for: JSON by pointer, forms by name. Immutable and
 * thread-safe. Nothing a body says is an error here: what cannot be read is not found, and the question says so.
 */
public final class BodyExtractors implements BodyReader {
    private static final FieldReference BODY_TYPE = FieldReference.parse("body_type");
    private static final int DEEPEST = 64;

    private final JsonFactory json = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
            .build();
    private final List<BodyPlace> forms;
    private final PlaceTree tree;
    private final boolean anyJson;
    private final int limit;
    private final long total;
    private final Duration timeout;

    private BodyExtractors(List<BodyPlace> places, int limit, long total, Duration timeout) {
        this.forms = places.stream().filter(BodyPlace::form).toList();
        List<BodyPlace> inJson = places.stream().filter(place -> !place.form()).toList();
        this.tree = PlaceTree.of(inJson);
        this.anyJson = !inJson.isEmpty();
        this.limit = limit;
        this.total = total;
        this.timeout = timeout;
    }

    /** What {@code config} asks for. */
    public static BodyReader of(EsperConfig config) {
        List<BodyPlace> places = config.fields().values().stream()
                .filter(extractor -> extractor.treatment().kind() != Treatment.Kind.DROP)
                .map(Extractor::body)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
        return places.isEmpty()
                ? BodyReader.NONE
                : new BodyExtractors(places, config.bodyPrefix(), config.bodyHeld(), config.bodyTimeout());
    }

    /**
     * What {@code fields} ask for, {@code body[user->email]}: in JSON a place, in a form the field of that name.
     *
     * @throws IllegalArgumentException if one is malformed
     */
    public static BodyReader of(Collection<String> fields, int limit, long total, Duration timeout) {
        List<BodyPlace> places = fields.stream()
                .flatMap(field -> BodyPlace.anywhere(field).stream())
                .toList();
        return places.isEmpty() ? BodyReader.NONE : new BodyExtractors(places, limit, total, timeout);
    }

    @Override
    public Interest interest(RequestContext request) {
        if (!request.head().hasBody() || request.tier() == Tier.EXEMPT) {
            return Interest.NONE;
        }
        String type = BODY_TYPE.value(request);
        if (!(anyJson && isJson(type)) && (forms.isEmpty() || !isForm(type))) {
            return Interest.NONE;
        }
        // A coded body says nothing without being decoded, and how much that costs is its sender's choice.
        String coding = request.fields().get("content-encoding");
        return coding == null || coding.equalsIgnoreCase("identity") ? Interest.READ : Interest.UNREADABLE;
    }

    @Override
    public int limit() {
        return limit;
    }

    @Override
    public long total() {
        return total;
    }

    @Override
    public Duration timeout() {
        return timeout;
    }

    @Override
    public BodyFields read(RequestContext request, byte[] beginning, boolean partial) {
        Map<String, String> found = new HashMap<>();
        boolean whole = isForm(BODY_TYPE.value(request)) ? form(beginning, partial, found) : json(beginning, found);
        return new BodyFields(Map.copyOf(found), partial || !whole);
    }

    private boolean json(byte[] beginning, Map<String, String> found) {
        try (JsonParser parser = json.createParser(beginning)) {
            JsonPlaces.read(parser, tree, found);
            return true;
        } catch (IOException cutOrMalformed) {
            return false;
        }
    }

    private boolean form(byte[] beginning, boolean partial, Map<String, String> found) {
        String text = new String(beginning, StandardCharsets.ISO_8859_1);
        // The last field may be half a one.
        String fields = partial ? text.substring(0, Math.max(0, text.lastIndexOf('&'))) : text;
        QueryParameters parameters = QueryParameters.parse(fields);
        for (BodyPlace place : forms) {
            String value = parameters.last(place.path().get(0));
            if (value != null) {
                found.put(place.written(), value);
            }
        }
        return !parameters.truncated();
    }

    private static boolean isJson(@Nullable String type) {
        return type != null && (type.equals("application/json") || type.endsWith("+json"));
    }

    private static boolean isForm(@Nullable String type) {
        return "application/x-www-form-urlencoded".equals(type);
    }
}
