/**
 * The embedded engine: policies are read from files ({@code PolicyLoader}), checked and compiled once into an immutable
 * {@code PolicySet}, and evaluated per request by the {@code PolicyEngine}, which is the decision source {@code local}.
 * What files say ({@code Definitions}, {@code Expression}) and what runs ({@code Policy}, {@code Clause}, {@code Condition})
 * are different types, so that either can grow without the other.
 */
@NullMarked
package com.esperr.gateway.policy;

import org.jspecify.annotations.NullMarked;
