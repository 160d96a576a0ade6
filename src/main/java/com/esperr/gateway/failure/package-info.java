/**
 * Every way a request can go wrong, as one enum, and the one stackless exception that carries it. Nothing here knows how
 * a failure becomes bytes: that is decided in one place of {@code proxy}.
 */
@NullMarked
package com.esperr.gateway.failure;

import org.jspecify.annotations.NullMarked;
