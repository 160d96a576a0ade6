/**
 * The operator port: health, readiness, metrics and a small index, on a listener of their own that visitors never see.
 * Starting points: {@code AdminServer}, {@code Endpoint}.
 */
@NullMarked
package com.esperr.gateway.admin;

import org.jspecify.annotations.NullMarked;
