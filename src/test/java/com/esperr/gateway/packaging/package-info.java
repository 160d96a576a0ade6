/** The forms in which the gateway is delivered: image, compose files, package, unit. */
@NullMarked
package com.esperr.gateway.packaging;

import org.jspecify.annotations.NullMarked;
