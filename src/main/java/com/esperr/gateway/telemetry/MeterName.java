package com.esperr.gateway.telemetry;

import java.util.List;

/**
 * The catalogue of the gateway's own metrics: the exposed name, what it tells, and which labels it has. Every label has a
 * small closed set of values; what a visitor sends is never one. Immutable.
 */
public enum MeterName {
    // --- told by finished exchanges
    REQUESTS("esper_requests_total", "Finished requests.", "outcome", "status_class"),
    REQUEST_SECONDS("esper_request_seconds", "Time from the head of the request to its end."),
    DECISION_SECONDS("esper_decision_seconds", "Time from asking for a decision to having one.", "source"),
    UPSTREAM_SECONDS("esper_upstream_seconds", "Time from a connection to the origin to the head of its response."),
    DECISIONS("esper_decisions_total", "Decisions by action, who decided, and why.", "action", "source", "cause"),
    DECISIONS_OBSERVED(
            "esper_decisions_observed_total", "Actions that were found but, being watched, not enforced.", "action"),
    FAILURES("esper_failures_total", "Failed requests, and failed questions about requests.", "side", "reason"),
    FAIL_OPEN("esper_fail_open_total", "Requests that went on although the question about them failed.", "reason"),

    // --- told by the telemetry itself
    ACCESS_LOG_DROPPED("esper_access_log_dropped_total", "Lines of the access log that were lost."),
    LOG_LEVELS_CHANGED("esper_log_levels_changed", "Loggers whose level an operator has changed."),
    TRACES_SENT("esper_traces_spans_sent_total", "Spans that the collector of traces has taken."),
    TRACES_DROPPED("esper_traces_spans_dropped_total", "Spans that were lost.", "reason"),
    TRACES_WAITING("esper_traces_waiting", "Requests whose spans wait to be sent."),
    LISTENER_FAILURES("esper_listener_failures_total", "Faults of those who are told about finished requests."),

    FILL_ENTRIES("esper_fill_entries", "How many there are of what is bounded.", "what"),
    FILL_CAPACITY("esper_fill_capacity", "How many there may be, 0 where there is no room at all.", "what"),
    FILL_RATIO("esper_fill_ratio", "The share of its room that is taken; of several of a kind, the fullest.", "what"),
    FILL_DROPPED("esper_fill_dropped_total", "What was dropped or refused because there was no room.", "what"),

    // --- told by the beacon
    BEACON_QUEUED("esper_beacon_queued_total", "Events made of finished requests."),
    BEACON_SPOOLED("esper_beacon_spooled_total", "Events that are or were safe on disk."),
    BEACON_SENT("esper_beacon_sent_total", "Events that Esper has taken."),
    BEACON_ANSWERS("esper_beacon_answers_total", "Events taken, by the mitigation that Esper answered.", "mitigation"),
    BEACON_FAILURES("esper_beacon_failures_total", "Calls that failed and whose events are sent again."),
    BEACON_DROPPED("esper_beacon_dropped_total", "Events that were lost.", "reason"),
    BEACON_DEAD_LETTERS("esper_beacon_dead_letters_total", "Events that Esper refused and that were put aside."),
    BEACON_WAITING("esper_beacon_waiting", "Events in memory that are not on disk yet."),
    BEACON_SPOOL_EVENTS("esper_beacon_spool_events", "Events on disk that Esper has not taken yet."),
    BEACON_SPOOL_BYTES("esper_beacon_spool_bytes", "Bytes of these events."),
    BEACON_SPOOL_FILE_BYTES("esper_beacon_spool_file_bytes", "Bytes of the file that holds them."),
    BEACON_OLDEST_SECONDS("esper_beacon_oldest_seconds", "Age of the oldest event on disk, 0 if there is none."),

    // --- told by the decision service
    SERVER_REQUESTS("esper_server_requests_total", "Requests answered by the service.", "operation", "status_class"),
    SERVER_SECONDS("esper_server_seconds", "Time from a whole request to its answer.", "operation"),
    SERVER_EVENTS("esper_server_events_total", "Questions and events that were understood.", "kind"),
    SERVER_AUTH_FAILURES("esper_server_auth_failures_total", "Requests without an accepted API key.", "reason"),
    SERVER_RATE_LIMITED("esper_server_rate_limited_total", "Requests refused because a key had asked too much."),
    SERVER_REPEATED("esper_server_repeated_total", "Questions and events under a key that had been used before."),
    SERVER_PROOFS("esper_server_proofs_total", "Proofs looked at, by what came of it.", "verdict"),
    SERVER_CHALLENGES("esper_server_challenges_total", "Hosted challenges, by what became of them.", "state"),
    SERVER_KEYS("esper_server_keys", "API keys that count."),
    SERVER_CONNECTIONS("esper_server_connections", "Open connections of clients."),
    SERVER_CONNECTIONS_REFUSED("esper_server_connections_refused_total", "Connections there was no room for."),
    SERVER_CONNECTIONS_CLOSED("esper_server_connections_closed_total", "Connections that have ended."),
    SERVER_FEED_SUBSCRIBERS("esper_server_feed_subscribers", "Gateways that follow the feed of mitigations."),
    SERVER_FEED_CUTS("esper_server_feed_cuts_total", "Followers of the feed that did not keep up."),

    // --- read from elsewhere when asked
    RUNNING("esper_running", "Always 1; the labels say what is running.", "version", "mode", "policies"),
    LISTENER_CONNECTIONS(
            "esper_listener_connections",
            "Open connections by listener, as it is called in the configuration.",
            "listener"),
    LISTENER_REFUSED(
            "esper_listener_refused_total", "Connections closed because their listener had too many.", "listener"),
    PROXY_PROTOCOL(
            "esper_proxy_protocol_total", "Connections where PROXY protocol is spoken, by what came of it.", "result"),
    POLICIES("esper_policies", "Policies in force."),
    POLICY_MATCHES(
            "esper_policy_matches_total", "Requests on which a policy matched, or that met what it ordered.", "policy"),
    POLICY_RESULTS("esper_policy_results_total", "What policies did with requests.", "policy", "result"),
    POLICY_LAST_MATCH(
            "esper_policy_last_match_timestamp_seconds",
            "When a policy matched last, in Unix time; 0: never.",
            "policy"),
    POLICY_RELOADS("esper_policy_reloads_total", "Changes of policy files, by whether they came into force.", "result"),
    ROLLOUT_STATE("esper_rollout_state", "1 for what has become of the policies that are rolled out.", "state"),
    ROLLOUT_SHARE("esper_rollout_share", "Share of visitors about whom the policies that are rolled out decide."),
    ROLLOUT_REQUESTS(
            "esper_rollout_stage_requests",
            "Requests seen in this stage of a rollout, by the new policies or those in force.",
            "policies"),
    ROLLOUT_DIFFERENCES(
            "esper_rollout_stage_differences",
            "Requests about which the new policies say something else, while they only compare."),
    ROLLOUT_ENDS("esper_rollout_ends_total", "Rollouts that have ended, by how.", "result"),
    CONFIG("esper_config_active", "1, with what stands for the configuration in force.", "hash"),
    CONFIG_RELOADS(
            "esper_config_reload_total",
            "Readings of a changed configuration, by whether it came into force.",
            "result"),
    CONFIG_SINCE(
            "esper_config_last_success_timestamp_seconds", "When the configuration in force was read, in Unix time."),
    CONFIG_RESTART("esper_config_needs_restart", "Keys that have other values in the files and need a restart."),
    MITIGATIONS("esper_mitigations", "Active mitigations."),
    MITIGATIONS_DROPPED(
            "esper_mitigations_dropped_total", "Active mitigations dropped before they expired to make room."),
    CLIENT_CONNECTIONS("esper_client_connections", "Open connections of visitors."),
    CLIENT_CONNECTIONS_ACCEPTED("esper_client_connections_accepted_total", "Connections of visitors since the start."),
    CLIENT_CONNECTIONS_DROPPED(
            "esper_client_connections_dropped_total",
            "Connections of visitors closed unanswered: far too many at once."),
    HTTP2_CONNECTIONS("esper_http2_connections", "Open connections of visitors that speak HTTP/2."),
    HTTP2_REQUESTS("esper_http2_requests_total", "Requests that came in HTTP/2."),
    HTTP3_CONNECTIONS("esper_http3_connections", "Open connections of visitors that speak HTTP/3."),
    HTTP3_REQUESTS("esper_http3_requests_total", "Requests that came in HTTP/3."),
    HTTP3_FLOODS("esper_http3_floods_total", "Connections of HTTP/3 ended because of a flood.", "kind"),
    HTTP2_FLOODS("esper_http2_floods_total", "Connections ended because of a flood of frames.", "kind"),
    TLS_HANDSHAKES("esper_tls_handshakes_total", "TLS handshakes with visitors.", "result"),
    TLS_RELOADS("esper_tls_reloads_total", "Readings of certificates that changed.", "result"),
    CERTIFICATE_EXPIRES(
            "esper_tls_certificate_expires_seconds", "How long the certificate of a listener is still good.", "name"),
    OCSP_ANSWERS("esper_tls_ocsp_answers_total", "Answers of authorities that are to be stapled.", "result"),
    ACME_ORDERS("esper_acme_orders_total", "Orders of certificates from an authority.", "result"),
    DRAIN_PHASE("esper_drain_phase", "1 for the phase in which the gateway is on its way out.", "phase"),
    REQUESTS_OPEN("esper_requests_open", "Requests that have begun and not ended."),
    MAINTENANCE("esper_maintenance", "1 while visitors are told to come back later."),
    PAUSE("esper_pause", "1 while requests are held on their way to the origin."),
    PAUSE_HELD("esper_pause_held", "Requests that are held on their way to the origin."),
    EXEC_HELD("esper_exec_held", "Requests that wait for the application that the gateway runs."),
    EXEC_WAITS("esper_exec_waits_total", "Requests that waited for it, once for each time."),
    EXEC_REFUSALS("esper_exec_refusals_total", "Requests that were answered without it."),
    TUNNELS("esper_tunnels", "Connections that changed to another protocol, such as WebSocket, and are open."),
    TUNNELS_OPENED("esper_tunnels_opened_total", "Connections that changed to another protocol."),
    TUNNELS_IDLE(
            "esper_tunnels_idle_total", "Those of them that were closed after upgrade.idle-timeout without a byte."),
    COMPRESSED("esper_compressed_responses_total", "Responses that were compressed on their way to the visitor."),
    COMPRESSION_OPEN("esper_compression_open", "Responses that are being compressed."),
    COMPRESSION_CROWDED(
            "esper_compression_crowded_total", "Responses left as they were because of compression.at-once."),
    COMPRESSION_BYTES("esper_compression_bytes_total", "Bytes of compressed bodies, before and after.", "side"),
    BODY_HELD("esper_body_held_bytes", "What may be held of bodies until they are decided on."),
    BODY_UNREAD("esper_body_unread_total", "Bodies that were to be looked into before the decision and were not."),
    UPSTREAM_CONNECTIONS("esper_upstream_connections", "Connections to the origin.", "state"),
    UPSTREAM_WAITING("esper_upstream_waiting", "Requests that wait for a connection to the origin."),
    UPSTREAM_ENDPOINT_UP(
            "esper_upstream_endpoint_up", "1 while an endpoint of an origin gets requests.", "origin", "endpoint"),
    UPSTREAM_ENDPOINT_LOAD(
            "esper_upstream_endpoint_load", "Requests that are at an endpoint or wait for it.", "origin", "endpoint"),
    UPSTREAM_EJECTIONS(
            "esper_upstream_ejections_total",
            "How often an endpoint was ejected for failing too many requests in a row.",
            "origin",
            "endpoint"),
    UPSTREAM_HEALTH_CHECKS(
            "esper_upstream_health_checks_total",
            "Questions about the health of an endpoint.",
            "origin",
            "endpoint",
            "result"),
    UPSTREAM_MOVED(
            "esper_upstream_moved_total",
            "Requests for which another endpoint was asked before anything was sent.",
            "origin"),
    UPSTREAM_RETRIES_REFUSED(
            "esper_upstream_retries_refused_total",
            "Requests that were not sent again because origin.retry.budget was used up.",
            "origin"),
    UPSTREAM_LIMIT("esper_upstream_limit", "Requests that an origin is given at once, as found out now.", "origin"),
    UPSTREAM_UNDER_WAY(
            "esper_upstream_under_way",
            "Requests at an origin that are not answered, where that is limited.",
            "origin"),
    UPSTREAM_QUEUED("esper_upstream_queued", "Requests that wait until a saturated origin has room.", "origin", "rank"),
    UPSTREAM_SHED(
            "esper_upstream_shed_total",
            "Requests that a saturated origin was spared, by whose they were and what became of them.",
            "origin",
            "rank",
            "how"),
    UPSTREAM_RETRIES("esper_upstream_retries_total", "Requests sent to the origin a second time."),
    DECISION_CONNECTIONS("esper_decision_connections", "Connections to the decision service.", "state"),
    DECISION_WAITING("esper_decision_waiting", "Questions that wait for a connection or an answer."),
    DECISION_ANSWERS("esper_decision_answers_total", "Questions that the decision service answered.", "action"),
    DECISION_QUESTION_FAILURES("esper_decision_question_failures_total", "Questions that got no answer.", "reason"),
    DECISION_RETRIES("esper_decision_retries_total", "Questions that were asked a second time."),
    DECISION_SHARED("esper_decision_shared_total", "Requests that waited for the answer to another one's question."),
    DECISION_CACHE_HITS("esper_decision_cache_hits_total", "Requests that a kept answer was used for.", "age"),
    DECISION_CACHE_ENTRIES("esper_decision_cache_entries", "Answers that are kept."),
    DECISION_LIMIT("esper_decision_concurrency_limit", "Questions that may be under way at once."),
    BREAKER_OPEN(
            "esper_breaker_open", "1 while the decision service is not asked, 0.5 while it is probed, 0 otherwise."),
    PASSES(
            "esper_passes_total",
            "Passes that were made for visitors, and what those were worth that they showed.",
            "result"),
    PROOFS("esper_proofs_total", "Proofs that visitors brought back from challenges.", "result"),
    KEPT_REQUESTS(
            "esper_kept_requests_total",
            "Requests that were challenged with something to lose, by what became of them.",
            "result"),
    KEPT_REQUESTS_BYTES("esper_kept_requests_bytes", "Bytes of such that are kept in memory, or are coming."),
    KEPT_REQUESTS_DROPPED("esper_kept_requests_dropped_total", "Such that were given up to make room."),
    CHALLENGE_LOOPS("esper_challenge_loops_total", "Challenges that were not repeated, because they had led nowhere."),
    RECORDED("esper_recorded_total", "Requests that were recorded."),
    RECORD_DROPPED("esper_record_dropped_total", "Requests that were not recorded, because too many waited."),
    RECORD_WAITING("esper_record_waiting", "Requests that wait to be recorded."),
    EXPLAIN_ENTRIES("esper_explain_entries", "Requests that can be explained."),
    EXPLAIN_BYTES("esper_explain_bytes", "What explanations take, roughly."),
    EXPLAIN_SHARED("esper_explain_shared", "Explanations known here of those that gateways share."),
    EXPLAIN_DROPPED("esper_explain_dropped_total", "Explanations let go before their time, or not made.", "reason"),
    BOTS("esper_bots_total", "Requests that are a known bot's or say so.", "status", "method"),
    BOT_LOOKUPS("esper_bot_lookups_total", "Addresses whose names were looked up, to verify bots.", "result"),
    BOT_SIGNATURES("esper_bot_signatures_total", "Signatures with which requests said whose they are.", "result"),
    BOT_ADDRESSES("esper_bot_addresses", "Addresses of which it is kept what DNS says."),
    BOT_NETWORKS("esper_bot_networks", "Networks that owners of bots publish."),
    BOT_RELOADS("esper_bot_reloads_total", "Times that other networks or keys of bots came into force from files."),
    BOT_FAILURES("esper_bot_failures_total", "Files and directories of bots that could not be used."),
    CHALLENGES_ISSUED("esper_challenges_issued_total", "Challenge pages of ours, by what they ask for.", "provider"),
    CHALLENGES_LOADED("esper_challenges_loaded_total", "Challenge pages whose script has begun.", "provider"),
    CHALLENGES_SUBMITTED("esper_challenges_submitted_total", "Answers to challenges.", "provider"),
    CHALLENGES_SOLVED("esper_challenges_solved_total", "Answers that earned a pass or a proof.", "provider"),
    CHALLENGES_REJECTED("esper_challenges_rejected_total", "Answers that did not count.", "provider", "reason"),
    CHALLENGES_SKIPPED(
            "esper_challenges_skipped_total",
            "Challenge pages that asked for the next one, as this was not there.",
            "provider"),
    CHALLENGE_SECONDS("esper_challenge_seconds", "Time from a challenge page to an answer that counts.", "provider"),
    HYBRID_LOOKUPS("esper_hybrid_lookups_total", "Requests looked up among the remembered mitigations.", "result"),
    HYBRID_ENTRIES("esper_hybrid_entries", "Mitigations that are remembered."),
    HYBRID_DROPPED("esper_hybrid_dropped_total", "Mitigations dropped before they expired to make room."),
    HYBRID_FEED_AGE("esper_hybrid_feed_age_seconds", "Time since a feed of mitigations told anything.", "feed"),
    HYBRID_FEED_CONNECTED("esper_hybrid_feed_connected", "1 while what a feed tells arrives at once.", "feed"),
    HYBRID_FEED_ENTRIES("esper_hybrid_feed_entries", "Mitigations remembered of those a feed told.", "feed"),
    HYBRID_FEED_RESYNCS("esper_hybrid_feed_resyncs_total", "Times a feed told everything anew.", "feed"),
    HYBRID_SNAPSHOT_FAILURES("esper_hybrid_snapshot_failures_total", "Times the snapshot could not be written."),
    WINDOWS("esper_windows", "Rolling windows kept in memory."),
    WINDOWS_DROPPED("esper_windows_dropped_total", "Rolling windows that were dropped to make room."),
    CLAIMS("esper_claims", "Proofs and the like kept in memory because they count once."),
    CLAIMS_DROPPED("esper_claims_dropped_total", "Such that were forgotten before their time to make room."),
    CONDITION_ERRORS(
            "esper_policy_condition_errors_total",
            "Conditions of policies that could not be evaluated and counted as not fulfilled."),
    STATE_CONNECTED("esper_state_connected", "1 while the Redis that gateways share takes commands, 0 otherwise."),
    STATE_CONNECTIONS("esper_state_connections_total", "Connections to Redis that were made."),
    STATE_FAILURES("esper_state_failures_total", "Commands to Redis that failed.", "kind"),
    STATE_LAG("esper_state_lag_seconds", "How long the last change by a gateway took to be heard here."),
    STATE_PENDING("esper_state_pending_writes", "Changes that other gateways have perhaps not heard of yet."),
    STATE_DROPPED("esper_state_dropped_total", "Changes given up because too many waited for Redis."),
    STATE_RESYNCS("esper_state_resyncs_total", "How often everything that gateways share was read anew."),
    STATE_CLOCK_AHEAD("esper_state_clock_ahead_seconds", "By how much Redis's clock is ahead of this machine's."),
    DIRECT_MEMORY("esper_direct_memory_bytes", "Direct memory that Netty holds."),
    PENDING_TASKS("esper_event_loop_pending_tasks", "Tasks that wait on the event loops.");

    private final String exposed;
    private final String help;
    private final List<String> labels;

    MeterName(String exposed, String help, String... labels) {
        this.exposed = exposed;
        this.help = help;
        this.labels = List.of(labels);
    }

    /** The name that a scrape shows. */
    public String exposed() {
        return exposed;
    }

    /** One sentence for whoever reads it. */
    public String help() {
        return help;
    }

    /** The names of its labels; values are always given in this order. */
    public List<String> labels() {
        return labels;
    }
}
