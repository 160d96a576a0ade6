package com.esperr.gateway.hosting;

import org.jspecify.annotations.Nullable;

/**
 * What a visitor answers to a challenge. Immutable.
 *
 * @param ticket of the challenge
 * @param text the answer, as long as a form may be
 * @param address of the visitor, or null
 * @param nowMillis when it came, epoch milliseconds
 */
record Answer(Ticket ticket, String text, @Nullable String address, long nowMillis) {
    long ageMillis() {
        return nowMillis - ticket.issuedAtMillis();
    }
}
