/** The composition root: the process entry point and the wiring of everything below; no logic of its own. */
@NullMarked
package com.esperr.gateway;

import org.jspecify.annotations.NullMarked;
