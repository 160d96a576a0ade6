/**
 * What TLS tells about a visitor, without Netty: the first message of a connection and its fingerprint, the session that was
 * agreed on, and who showed a certificate.
 */
@NullMarked
package com.esperr.gateway.tls;

import org.jspecify.annotations.NullMarked;
