/**
 * What the origin is told about each request so that it can prove who says it: one short field, signed with a key that gateway and
 * origin share, good for this request and for a minute.
 */
@NullMarked
package com.esperr.gateway.attestation;

import org.jspecify.annotations.NullMarked;
