package com.esperr.gateway.beacon;

/**
 * One event on disk. Immutable by agreement: nobody changes the bytes.
 *
 * @param sequence its place in the order of events, never used twice
 * @param event the event as it is sent
 */
@SuppressWarnings("ArrayRecordComponent")
record Spooled(long sequence, byte[] event) {}
