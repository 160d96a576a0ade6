package com.esperr.gateway.server;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** JSON of the service, both ways, by streaming. Stateless and thread-safe. */
final class Json {
    private static final int DEEPEST = 32;
    private static final int LONGEST_TEXT = 64 * 1024;
    private static final int LONGEST_NAME = 1024;
    private static final int LONGEST_NUMBER = 100;
    private static final int USUAL_BYTES = 256;

    /** Reads what strangers send: bounded, and with no name twice, which two readers would understand in two ways. */
    static final JsonFactory FACTORY = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.threadLocalPool())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxStringLength(LONGEST_TEXT)
                    .maxNameLength(LONGEST_NAME)
                    .maxNumberLength(LONGEST_NUMBER)
                    .build())
            .build();

    private Json() {}

    /** What {@code writer} writes, in UTF-8. */
    static byte[] bytes(Writer writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_BYTES);
        try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
            writer.write(out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /** Writes the inside of a refusal. */
    static void error(JsonGenerator out, ApiError error) throws IOException {
        out.writeStartObject();
        out.writeStringField("code", error.code());
        out.writeStringField("message", error.message());
        out.writeFieldName("field");
        out.writeString(error.field());
        out.writeEndObject();
    }

    /** Writes a member unless it has no value. */
    static void optional(JsonGenerator out, String name, @Nullable String value) throws IOException {
        if (value != null) {
            out.writeStringField(name, value);
        }
    }

    /** Writes some JSON. */
    interface Writer {
        /** Writes it. */
        void write(JsonGenerator out) throws IOException;
    }
}
