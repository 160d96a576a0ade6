/**
 * HTTP vocabulary without Netty: heads, field blocks, targets and paths, cookies, content negotiation and self-made
 * replies. Everything here can be tested without a channel. Starting points: {@code Fields}, {@code RequestHead},
 * {@code PathRules}, {@code LocalReplies}.
 */
@NullMarked
package com.esperr.gateway.http;

import org.jspecify.annotations.NullMarked;
