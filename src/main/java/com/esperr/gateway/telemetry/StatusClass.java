package com.esperr.gateway.telemetry;

/** The first digit of a status; a metric label. Immutable. */
enum StatusClass {
    /** Nothing was sent. */
    NONE("none"),
    INFORMATIONAL("1xx"),
    SUCCESS("2xx"),
    REDIRECT("3xx"),
    CLIENT_ERROR("4xx"),
    SERVER_ERROR("5xx");

    private static final StatusClass[] ALL = values();

    private final String label;

    StatusClass(String label) {
        this.label = label;
    }

    /** The metric label. */
    String label() {
        return label;
    }

    /** The class of {@code status}; what is no status of HTTP counts as none. */
    static StatusClass of(int status) {
        int first = status / 100;
        return first < 1 || first >= ALL.length ? NONE : ALL[first];
    }
}
