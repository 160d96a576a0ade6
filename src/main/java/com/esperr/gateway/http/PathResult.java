package com.esperr.gateway.http;

/** What {@link PathRules} makes of a path: one normal form, or the reason why there is none. */
public sealed interface PathResult permits NormalPath, PathRefusal {}
