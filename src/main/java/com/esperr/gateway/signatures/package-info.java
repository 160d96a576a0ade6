/**
 * HTTP Message Signatures (RFC 9421): structured fields, the base that is signed, keys and their algorithms. Knows messages
 * and keys, not who may sign what.
 */
@NullMarked
package com.esperr.gateway.signatures;

import org.jspecify.annotations.NullMarked;
