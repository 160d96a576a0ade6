package com.esperr.gateway.bound;

import java.util.Locale;

/**
 * The catalogue of what is kept in bounded number for longer than a request or a connection lasts; a test compares it with the table
 * in {@code docs/limits.md}, which says what each holds and what becomes of it when it is full. Immutable.
 */
public enum Bounded {
    // --- visitors
    CLIENT_CONNECTIONS,
    LISTENER_CONNECTIONS,
    TLS_SESSIONS,
    HELD_BODIES,
    COMPRESSIONS,
    PAUSED_REQUESTS,
    EXEC_HELD,

    // --- origins
    ORIGIN_CONNECTIONS,
    ORIGIN_WAITING,
    ORIGIN_REQUESTS,
    ORIGIN_QUEUE,
    ORIGIN_RETRIES,

    // --- decisions
    DECISION_ANSWERS,
    DECISION_QUESTIONS,
    DECISION_CALLS,
    HYBRID_MITIGATIONS,
    BOT_ADDRESSES,
    BOT_LOOKUPS,
    BOT_NONCES,

    // --- state
    WINDOWS,
    MITIGATIONS,
    POLICY_RESULTS,
    CLAIMS,
    KEPT_REQUESTS,
    KEPT_REQUESTS_COMING,
    REDIS_WRITES,
    REDIS_COMMANDS,
    ROLLOUT_MITIGATIONS,
    ROLLOUT_WINDOWS,
    ROLLOUT_VISITORS,
    ROLLOUTS,

    // --- challenges
    PROOFS,
    CHALLENGE_RETURNS,
    CHALLENGE_ORDERS,
    CHALLENGE_ATTEMPTS,
    CHALLENGE_CALLS,
    CHALLENGE_SESSIONS,

    // --- what is told
    ACCESS_LOG,
    LOG_MESSAGES,
    LOG_REPEATS,
    LOG_LEVELS,
    TRACES,
    RECORDS,
    BEACON_EVENTS,
    BEACON_SPOOL,
    BEACON_SPOOL_BYTES,
    EXPLANATIONS,
    EXPLANATION_BYTES,
    SHARED_EXPLANATIONS,

    // --- operators
    ADMIN_CONNECTIONS,
    ADMIN_ANSWERS,
    ADMIN_CHANGES,
    ADMIN_SESSIONS,
    ADMIN_ADDRESSES,
    DASHBOARD_VIEWERS,

    // --- the decision service
    SERVER_CONNECTIONS,
    SERVER_ANSWERS,
    SERVER_RATES,
    FEED_SUBSCRIBERS,
    BOUNCERS,
    BOUNCER_DECISIONS,
    BOUNCER_QUESTIONS;

    /** Its name in metrics and documents. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
