package com.esperr.gateway.boot;

/** The generation in force, which closes in two steps: what works on the event loops before them, journals after them. Thread-safe. */
final class LiveGeneration {
    private volatile Generation now = new Generation(null);

    Generation now() {
        return now;
    }

    void replace(Generation next) {
        now = next;
    }

    void close() {
        now.close();
    }

    void closeJournals() {
        now.closeJournals();
    }
}
