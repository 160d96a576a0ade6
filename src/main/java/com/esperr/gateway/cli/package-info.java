/**
 * The commands. Each reads its options, asks {@code boot} for what it needs, prints, and answers with an exit code: 0 for
 * success, 1 for a failure at run time, 2 for wrong usage or configuration.
 */
@NullMarked
package com.esperr.gateway.cli;

import org.jspecify.annotations.NullMarked;
