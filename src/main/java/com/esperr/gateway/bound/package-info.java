/** What the gateway keeps in bounded number: the catalogue of it, how full each is, and where caches put themselves in order. */
@NullMarked
package com.esperr.gateway.bound;

import org.jspecify.annotations.NullMarked;
