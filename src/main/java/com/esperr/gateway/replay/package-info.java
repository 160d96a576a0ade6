/**
 * What was decided, and what would be: requests are recorded as policies saw them, redacted, to files of bounded size, and
 * shown to another set of policies later.
 */
@NullMarked
package com.esperr.gateway.replay;

import org.jspecify.annotations.NullMarked;
