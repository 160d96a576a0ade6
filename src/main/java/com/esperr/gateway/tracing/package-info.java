/**
 * The gateway's part of distributed traces: spans of finished exchanges, sent to a collector by OTLP. Starting points: {@code
 * TraceExport}, {@code RequestSpans}.
 */
@NullMarked
package com.esperr.gateway.tracing;

import org.jspecify.annotations.NullMarked;
