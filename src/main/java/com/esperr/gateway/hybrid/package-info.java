/**
 * Local enforcement of what Esper has decided before: a bounded store of active mitigations under the inputs that were
 * sent, the feeds that fill it, and its snapshot on disk. Starting points: {@code HybridSource}, {@code MitigationStore},
 * {@code MitigationFeed}.
 */
@NullMarked
package com.esperr.gateway.hybrid;

import org.jspecify.annotations.NullMarked;
