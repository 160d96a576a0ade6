package com.esperr.gateway.beacon;

import com.esperr.gateway.state.StateKey;
import org.jspecify.annotations.Nullable;

/**
 * One event on disk. Immutable by agreement: nobody changes the bytes.
 *
 * @param sequence its place in the order of events, never used twice
 * @param event the event as it is sent
 * @param storedMillis when it came, epoch milliseconds
 * @param key under what the answer is learned, or null if it is not
 */
@SuppressWarnings("ArrayRecordComponent")
record Spooled(
        long sequence,
        byte[] event,
        long storedMillis,
        @Nullable StateKey key) {
    /** One whose answer teaches nothing. */
    Spooled(long sequence, byte[] event) {
        this(sequence, event, 0, null);
    }
}
