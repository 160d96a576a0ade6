package com.esperr.gateway.esper;

/** What the header {@code x-forwarded-for} in a question holds; never what a visitor wrote himself. */
public enum ForwardedFor {
    /** The visitor's address. */
    CLIENT,
    /** What the origin would be told: the list of the trusted proxies, and the last of them. */
    LIST
}
