/**
 * Who a request belongs to: the key under which an entity of Esper's model is counted and mitigated, the same wherever it is
 * worked out. Starting point: {@code EntityKeys}.
 */
@NullMarked
package com.esperr.gateway.entity;

import org.jspecify.annotations.NullMarked;
