package com.esperr.gateway.http1;

/** Where a resumable scanner stands after it has read the bytes there were. */
enum Scan {
    /** Every byte was read and more are needed. */
    MORE,
    /** The part that was scanned for is complete. */
    DONE,
    /** The bytes cannot be accepted; the scanner holds why. */
    BAD
}
