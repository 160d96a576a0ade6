/** Where connections come in: what is listened on, and TLS with whoever connects. Knows nothing of what is said behind it. */
@NullMarked
package com.esperr.gateway.listen;

import org.jspecify.annotations.NullMarked;
