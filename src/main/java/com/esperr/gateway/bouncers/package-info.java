/**
 * What is active for addresses, as the bouncers of CrowdSec ask for it: firewalls and plug-ins of other servers, which know bans and
 * captchas for addresses and networks. Without HTTP. Starting point: {@code Bouncers}.
 */
@NullMarked
package com.esperr.gateway.bouncers;

import org.jspecify.annotations.NullMarked;
