package com.esperr.gateway.policy;

import com.esperr.gateway.config.Problem;
import com.esperr.gateway.config.Section;

/**
 * A name and where it stands, so that a name nobody defined can be reported after all files were read. Immutable.
 *
 * @param text the name
 * @param place file and line
 * @param path the key, e.g. {@code policies[0].clauses[1].entity}
 */
record Written(String text, String place, String path) {
    /** A name that stands in {@code section} under {@code key}, which may be {@code key[1]}. */
    static Written in(Section section, String key, String text) {
        int bracket = key.indexOf('[');
        String place =
                section.location(bracket < 0 ? key : key.substring(0, bracket)).toString();
        return new Written(text, place, section.path().isEmpty() ? key : section.path() + '.' + key);
    }

    /** The problem that this name is not what was expected. */
    Problem problem(String expectation) {
        return new Problem(place, path, text, expectation);
    }
}
