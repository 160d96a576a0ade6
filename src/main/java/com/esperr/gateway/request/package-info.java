/**
 * What is known about one request: the context that is decided on, the catalogue of its fields that policies, the wire
 * and telemetry iterate, and the routes that say how sensitive a path is. Starting points: {@code RequestContext},
 * {@code RequestField}, {@code Routes}.
 */
@NullMarked
package com.esperr.gateway.request;

import org.jspecify.annotations.NullMarked;
