package com.esperr.gateway.bots;

/** What a bot gets. */
enum BotTreatment {
    /** It is never sent to a challenge; a block stays one. */
    ALLOW_UNLESS_BLOCKED,
    /** What everybody gets. */
    AS_VISITORS
}
