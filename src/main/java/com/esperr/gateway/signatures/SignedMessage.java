package com.esperr.gateway.signatures;

import com.esperr.gateway.http.Fields;

/**
 * What of a message can be signed. Immutable.
 *
 * @param method the method, empty for a response
 * @param scheme {@code http} or {@code https}
 * @param authority host and optional port as asked for
 * @param target path and query as they were received
 * @param status the status of a response, 0 for a request
 * @param fields the header lines
 */
public record SignedMessage(String method, String scheme, String authority, String target, int status, Fields fields) {}
