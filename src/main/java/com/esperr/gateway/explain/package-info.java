/**
 * Why a request was answered as it was: what is known of requests that were not simply forwarded is kept for a while, bounded in
 * number and bytes, and told to whoever brings the reference of the answer.
 */
@NullMarked
package com.esperr.gateway.explain;

import org.jspecify.annotations.NullMarked;
