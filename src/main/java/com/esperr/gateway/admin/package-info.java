/**
 * The operator port: health, readiness, metrics, policies and mitigations, and a small index, on a listener of their own that visitors never see.
 * Starting points: {@code AdminServer}, {@code Endpoint}.
 */
@NullMarked
package com.esperr.gateway.admin;

import org.jspecify.annotations.NullMarked;
