/**
 * Content codings that the gateway adds to responses: which responses may be compressed, which coding their client asks for, and the
 * encoders.
 */
@NullMarked
package com.esperr.gateway.compression;

import org.jspecify.annotations.NullMarked;
