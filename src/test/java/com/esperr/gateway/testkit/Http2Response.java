package com.esperr.gateway.testkit;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came on one stream until it ended.
 *
 * @param heads each header block, {@code name: value} in its order; interim ones first, trailers last
 * @param body all data
 * @param reset the error code of the RST_STREAM that ended it or came behind its end, or null
 */
public record Http2Response(
        List<List<String>> heads, byte[] body, @Nullable Integer reset) {
    /** The status of the final head, or 0 if there was none. */
    public int status() {
        return heads.stream()
                .flatMap(List::stream)
                .filter(line -> line.startsWith(":status: "))
                .mapToInt(line -> Integer.parseInt(line.substring(9)))
                .filter(status -> status >= 200)
                .findFirst()
                .orElse(0);
    }

    /** The lines of the final head. */
    public List<String> head() {
        return heads.stream()
                .filter(lines -> !lines.get(0).startsWith(":status: 1"))
                .findFirst()
                .orElse(List.of());
    }

    /** The lines behind the body. */
    public List<String> trailers() {
        List<String> last = heads.isEmpty() ? List.of() : heads.get(heads.size() - 1);
        return last.isEmpty() || last.get(0).startsWith(":") ? List.of() : last;
    }

    /** The body as text. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
