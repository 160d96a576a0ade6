package com.esperr.gateway.proxy;

/**
 * What operators switch on when the site is to be left alone. Immutable.
 *
 * @param maintenance tells visitors to come back later
 * @param pause holds their requests for a moment
 */
public record Interruptions(Maintenance maintenance, Pause pause) {}
