/**
 * Good bots: which request says that it comes from a known crawler, and whether that is true, by the ranges its owner
 * publishes, by names that DNS confirms both ways, or by the owner's signature. What a visitor writes is never enough, and
 * never chooses whom this gateway calls.
 */
@NullMarked
package com.esperr.gateway.bots;

import org.jspecify.annotations.NullMarked;
