/** What the gateway keeps in bounded number: the catalogue of it, and how full each is. */
@NullMarked
package com.esperr.gateway.bound;

import org.jspecify.annotations.NullMarked;
