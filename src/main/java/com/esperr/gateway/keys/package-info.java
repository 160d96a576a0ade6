/**
 * API keys: how they are made, the file in which only their hashes stand, and how a presented key is recognised; besides it
 * how a file is written that only its owner can read. Starting points: {@code KeyFile}, {@code ApiKeys}, {@code LiveKeys}.
 */
@NullMarked
package com.esperr.gateway.keys;

import org.jspecify.annotations.NullMarked;
