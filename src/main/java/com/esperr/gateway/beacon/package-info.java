/**
 * What Esper is told about finished exchanges: which of them become events, what of each may leave, the durable bounded spool
 * they wait in, and the calls that carry them. Starting points: {@code Beacon}, {@code SpoolWriter}, {@code Publisher}.
 */
@NullMarked
package com.esperr.gateway.beacon;

import org.jspecify.annotations.NullMarked;
