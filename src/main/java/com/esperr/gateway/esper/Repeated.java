package com.esperr.gateway.esper;

/** Which of several values of one name is sent. */
public enum Repeated {
    /** The first. */
    FIRST,
    /** The last. */
    LAST,
    /** All of them, in order, with a comma and a space between. */
    JOIN;

    static final String SEPARATOR = ", ";
}
