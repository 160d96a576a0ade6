/**
 * The main job: the listener, the server pipeline, and the story of one request. Starting points: {@code ProxyServer},
 * {@code FrontendPipeline}, {@code Exchange}.
 */
@NullMarked
package com.esperr.gateway.proxy;

import org.jspecify.annotations.NullMarked;
