package com.esperr.gateway.request;

/**
 * A described request that cannot be one: names the member of the description and says what was expected. Immutable and
 * without a stack, because a wrong description is data.
 */
public final class DescriptionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String field;

    /**
     * Says what is wrong.
     *
     * @param field the member, such as {@code request.path}
     * @param expected what was expected
     */
    public DescriptionException(String field, String expected) {
        super(field + ": not accepted (expected: " + expected + ")", null, false, false);
        this.field = field;
    }

    /** The member that is wrong. */
    public String field() {
        return field;
    }
}
