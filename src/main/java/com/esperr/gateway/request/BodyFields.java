package com.esperr.gateway.request;

import java.util.Map;

/**
 * What was found in the beginning of a request's body. Immutable.
 *
 * @param values the texts that were looked for and found, by the name they were looked for under
 * @param partial whether there was more of the body than was looked at, so that what was not found may still be there
 */
public record BodyFields(Map<String, String> values, boolean partial) {
    /** The body was not looked at. */
    public static final BodyFields NONE = new BodyFields(Map.of(), false);

    /** The body was not looked at, although what was looked for may be there. */
    public static final BodyFields UNREAD = new BodyFields(Map.of(), true);
}
