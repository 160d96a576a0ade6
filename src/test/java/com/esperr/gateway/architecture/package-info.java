/** The rules of the house as tests: the package table of ARCHITECTURE.md, names, threads, and what sources may contain. */
@NullMarked
package com.esperr.gateway.architecture;

import org.jspecify.annotations.NullMarked;
