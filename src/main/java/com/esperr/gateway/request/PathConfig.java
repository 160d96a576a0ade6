package com.esperr.gateway.request;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.http.PathOptions;
import com.esperr.gateway.http.PathOptions.Treatment;
import com.esperr.gateway.http.PathRules;

/** Section {@code paths}: which ambiguous spellings of a path are let through. Stateless. */
public final class PathConfig {
    private PathConfig() {}

    /** Reads the section. */
    public static PathRules read(Section section) {
        return new PathRules(new PathOptions(
                section.choice("semicolon", Treatment.class),
                section.choice("encoded-slash", Treatment.class),
                section.choice("double-encoding", Treatment.class),
                section.choice("trailing-dot-or-space", Treatment.class)));
    }
}
