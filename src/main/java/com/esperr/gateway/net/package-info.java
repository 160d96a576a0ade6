/**
 * Addresses and where they come from: IP values and networks, {@code host:port} and origin texts, and the rules that turn a peer
 * and its forwarding headers into the one client address everything else trusts. Nothing in here ever asks DNS.
 */
@NullMarked
package com.esperr.gateway.net;

import org.jspecify.annotations.NullMarked;
