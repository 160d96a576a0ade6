/**
 * Typed reading of the configuration: reference, file, environment and options become one tree, every feature reads its
 * own record out of a {@link com.esperr.gateway.config.Section}, and whatever is wrong is collected with its file and line
 * so that an operator sees all of it at once. Secrets are masked in everything this package prints.
 */
@NullMarked
package com.esperr.gateway.config;

import org.jspecify.annotations.NullMarked;
