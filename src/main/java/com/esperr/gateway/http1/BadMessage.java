package com.esperr.gateway.http1;

import com.esperr.gateway.failure.FailureReason;

/**
 * What a decoder fires instead of a head, data or end when the bytes cannot be accepted; the last thing it ever fires on
 * that connection. Immutable.
 *
 * @param reason the failure
 * @param detail what was found and what was expected, for the log; holds no bytes of the message beyond one short token
 */
public record BadMessage(FailureReason reason, String detail) {}
