/**
 * Certificates from an authority that is asked over ACME (RFC 8555): account, orders, the challenges that visitors' connections
 * answer, and the files that the listener reads. Blocks, on a thread of its own; what answers challenges is thread-safe.
 */
@NullMarked
package com.esperr.gateway.acme;

import org.jspecify.annotations.NullMarked;
