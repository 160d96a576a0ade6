package com.esperr.gateway.hosting;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What whoever holds a widget says of an answer. Immutable. */
sealed interface SiteVerdict {
    /** What came of an answer that is nobody's fault. */
    enum Known implements SiteVerdict {
        /** It counts. */
        GOOD,
        /** It does not. */
        BAD,
        /** Nobody was asked, because too many answers are being looked at; whoever sends them in masses must not end the asking. */
        UNASKED
    }

    /**
     * It is not.
     *
     * @param detail a sentence for the log, without the secret
     */
    record Trouble(String detail) implements SiteVerdict {}

    /** What is wrong with us or them, and not with the answer; the three of them use the same words. */
    List<String> TROUBLES = List.of(
            "missing-input-secret",
            "invalid-input-secret",
            "invalid-or-already-seen-secret",
            "sitekey-secret-mismatch",
            "bad-request",
            "internal-error");

    JsonFactory JSON = new JsonFactory();

    /** Reads an answer: {@code {"success": true}}, or {@code false} and {@code error-codes}. */
    static SiteVerdict read(int status, byte[] body) {
        if (status != 200) {
            return new Trouble("status " + status + " (expected: 200)");
        }
        try (JsonParser parser = JSON.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return new Trouble("no JSON object");
            }
            Boolean success = null;
            List<String> codes = new ArrayList<>();
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                JsonToken value = parser.nextToken();
                if (name.equals("success") && value.isBoolean()) {
                    success = value == JsonToken.VALUE_TRUE;
                } else if (name.equals("error-codes") && value == JsonToken.START_ARRAY) {
                    codes(parser, codes);
                } else {
                    parser.skipChildren();
                }
            }
            return of(success, codes);
        } catch (IOException | IllegalArgumentException notJson) {
            return new Trouble("no JSON");
        }
    }

    private static void codes(JsonParser parser, List<String> codes) throws IOException {
        for (JsonToken each = parser.nextToken(); each != JsonToken.END_ARRAY; each = parser.nextToken()) {
            if (each == null) {
                throw new IllegalArgumentException("cut off");
            }
            if (each == JsonToken.VALUE_STRING) {
                codes.add(parser.getText());
            }
            parser.skipChildren();
        }
    }

    private static SiteVerdict of(@Nullable Boolean success, List<String> codes) {
        if (success == null) {
            return new Trouble("no success in the answer");
        }
        if (success) {
            return Known.GOOD;
        }
        for (String known : TROUBLES) {
            if (codes.contains(known)) {
                return new Trouble(known);
            }
        }
        return Known.BAD;
    }
}
