package com.esperr.gateway.testkit;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One call the Esper test server received. Immutable.
 *
 * @param path the endpoint, for instance {@code /api/v1/runtime/mitigation}
 * @param request the request as it stood on the wire
 * @param json its body; a missing node if it was not JSON
 */
public record EsperCall(String path, ReceivedRequest request, JsonNode json) {

    /** A text inside the body by JSON pointer, for instance {@code /request/client_ip}; empty if there is none. */
    public String text(String pointer) {
        return json.at(pointer).asText("");
    }
}
