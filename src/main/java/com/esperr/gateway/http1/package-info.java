/**
 * HTTP/1.1 on the wire: strict decoders that turn bytes into heads, body slices and ends, and writers that turn heads
 * into bytes. Both sides of the gateway and its client of the decision service use the same ones. Starting points:
 * {@code RequestDecoder}, {@code ResponseDecoder}, {@code HeadWriter}.
 */
@NullMarked
package com.esperr.gateway.http1;

import org.jspecify.annotations.NullMarked;
