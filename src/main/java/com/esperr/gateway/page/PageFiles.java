package com.esperr.gateway.page;

import com.esperr.gateway.config.Section;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The operator's own pages for failures. Immutable.
 *
 * @param byStatus by the status that is answered
 */
record PageFiles(Map<Integer, PageFile> byStatus) {
    PageFiles {
        byStatus = Map.copyOf(byStatus);
    }

    /** Reads key {@code files} of {@code pages}; blocks on the files. */
    static PageFiles read(Section pages) {
        Section files = pages.section("files");
        Map<Integer, PageFile> byStatus = new HashMap<>();
        pages.entries("files").forEach((status, name) -> {
            if (!status.matches("[45][0-9]{2}")) {
                files.problem(status, name, "a status such as 503 for its name");
                return;
            }
            try {
                byStatus.put(Integer.parseInt(status), PageFile.read(name));
            } catch (RuntimeException unusable) {
                files.problem(status, name + " is " + unusable.getMessage(), PageFile.EXPECTED);
            }
        });
        return new PageFiles(byStatus);
    }

    /** The one for {@code status}, or null. */
    @Nullable
    PageFile of(int status) {
        return byStatus.get(status);
    }
}
