package com.esperr.gateway.replay;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.esper.KeyedHash;
import com.esperr.gateway.esper.Treatment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code record}. Immutable.
 *
 * @param file where requests are recorded, or null: nowhere
 * @param bytes when a file is full
 * @param keep how many full ones are kept
 * @param queue how many requests may wait to be written
 * @param path what is done to the path
 * @param clientIp what is done to the visitor's address
 * @param userAgent what is done to the user agent
 * @param fields what else is recorded
 * @param hashKey the secret of hashes, or null for one of this process
 */
public record RecordConfig(
        @Nullable Path file,
        long bytes,
        int keep,
        int queue,
        Treatment path,
        Treatment clientIp,
        Treatment userAgent,
        List<RecordedField> fields,
        @Nullable String hashKey) {
    private static final int KEY_BYTES = 32;

    /** Reads the section. */
    public static RecordConfig read(Section section) {
        Section request = section.section("request");
        return new RecordConfig(
                section.parsedOrNull("file", "the path of a file", Path::of),
                section.bytes("bytes", 4096, 1L << 40),
                section.integer("keep", 0, 1000),
                section.integer("queue", 64, 1 << 20),
                treatment(request, "path"),
                treatment(request, "client-ip"),
                treatment(request, "user-agent"),
                section.parsedList("fields", RecordedField.EXPECTED, RecordedField::parse),
                section.stringOrNull("hash-key"));
    }

    private static Treatment treatment(Section section, String key) {
        return section.parsed(key, Treatment.EXPECTED, Treatment.AS_IS, Treatment::parse);
    }

    KeyedHash hash() {
        if (hashKey != null) {
            return new KeyedHash(hashKey.getBytes(StandardCharsets.UTF_8));
        }
        byte[] made = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(made);
        return new KeyedHash(made);
    }
}
