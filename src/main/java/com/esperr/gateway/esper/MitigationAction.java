package com.esperr.gateway.esper;

/** What Esper answers. */
public enum MitigationAction {
    /** Forward; also what {@code monitor}, {@code observe} and an absent mitigation mean. */
    ALLOW,
    /** Send the visitor to a challenge. */
    CHALLENGE,
    /** Answer 403. */
    BLOCK
}
