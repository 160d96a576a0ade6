/** The measurements of {@code src/bench} whose outcome does not depend on how busy the machine is, as tests. */
@NullMarked
package com.esperr.gateway.bench;

import org.jspecify.annotations.NullMarked;
