package com.esperr.gateway.server;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which operation a request is for, and which requests are for none. Immutable. */
final class Operations {
    private static final String JSON = "application/json";

    private final Map<String, Operation> exact = new HashMap<>();
    private final Map<String, Operation> below = new HashMap<>();
    private final List<Operation> all;

    Operations(List<Operation> all) {
        this.all = List.copyOf(all);
        for (Operation operation : all) {
            String path = operation.path();
            if (path.endsWith("}")) {
                below.put(path.substring(0, path.lastIndexOf('/') + 1), operation);
            } else {
                exact.put(path, operation);
            }
        }
    }

    List<Operation> all() {
        return all;
    }

    /** The operation of {@code path}, or null. */
    @Nullable
    Operation find(String path) {
        Operation found = exact.get(path);
        return found == null ? below.get(path.substring(0, path.lastIndexOf('/') + 1)) : found;
    }

    /** Why {@code request} cannot be answered by {@code operation}, or null. */
    static @Nullable ApiReply refusal(Operation operation, ApiRequest request) {
        if (!operation.methods().contains(request.method())) {
            String allowed = String.join(", ", new TreeSet<>(operation.methods()));
            return ApiReply.error(
                            new ApiError(405, "method_not_allowed", "method: not allowed (expected: " + allowed + ")"))
                    .with("allow", allowed);
        }
        if (operation.keyed() && request.method().equals("POST") && !isJson(request.header("content-type"))) {
            return ApiReply.error(new ApiError(
                    415, "unsupported_media_type", "content-type: another one (expected: application/json)"));
        }
        String coding = request.header("content-encoding");
        if (coding != null && !coding.equalsIgnoreCase("identity")) {
            return ApiReply.error(
                    new ApiError(415, "unsupported_media_type", "content-encoding: a coding (expected: none)"));
        }
        return null;
    }

    private static boolean isJson(@Nullable String type) {
        if (type == null) {
            return false;
        }
        int semicolon = type.indexOf(';');
        String media = (semicolon < 0 ? type : type.substring(0, semicolon)).strip();
        return media.toLowerCase(Locale.ROOT).equals(JSON);
    }
}
