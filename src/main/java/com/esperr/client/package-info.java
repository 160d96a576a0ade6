/**
 * A client of Esper's API for application code that has no gateway in front of it, or wants to say more than a gateway can see. It
 * sits beside the gateway and shares nothing with it: an application needs these classes, the JDK's HTTP client and jackson-core.
 * Starting points: {@link com.esperr.client.EsperClient}, {@link com.esperr.client.MitigationRequest},
 * {@link com.esperr.client.BeaconEvent}, {@link com.esperr.client.EsperException}.
 */
@NullMarked
package com.esperr.client;

import org.jspecify.annotations.NullMarked;
