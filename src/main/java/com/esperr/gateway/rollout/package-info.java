/** Policies that take the place of others bit by bit, and go back by themselves if they meet whom they should not. */
@NullMarked
package com.esperr.gateway.rollout;

import org.jspecify.annotations.NullMarked;
