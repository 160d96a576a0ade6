/**
 * Pages for people: a template each, complete in itself, in the language and the colours that are asked for. Knows nothing of decisions
 * or connections. Starting point: {@code Pages}.
 */
@NullMarked
package com.esperr.gateway.page;

import org.jspecify.annotations.NullMarked;
