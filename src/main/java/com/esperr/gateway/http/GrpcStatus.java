package com.esperr.gateway.http;

import java.nio.charset.StandardCharsets;

/** Answers in the words of gRPC, whose clients read a status of their own and no body. Stateless. */
final class GrpcStatus {
    private static final int UNKNOWN = 2;
    private static final int DEADLINE_EXCEEDED = 4;
    private static final int PERMISSION_DENIED = 7;
    private static final int RESOURCE_EXHAUSTED = 8;
    private static final int UNIMPLEMENTED = 12;
    private static final int INTERNAL = 13;
    private static final int UNAVAILABLE = 14;
    private static final int UNAUTHENTICATED = 16;

    private GrpcStatus() {}

    /** What stands for a status of HTTP; a challenge is a call that has not shown yet who makes it. */
    static int of(int status, boolean challenge) {
        return switch (status) {
            case 400, 500 -> INTERNAL;
            case 401 -> UNAUTHENTICATED;
            case 403 -> challenge ? UNAUTHENTICATED : PERMISSION_DENIED;
            case 404, 405 -> UNIMPLEMENTED;
            case 408 -> DEADLINE_EXCEEDED;
            case 413, 414, 431 -> RESOURCE_EXHAUSTED;
            case 429, 502, 503, 504 -> UNAVAILABLE;
            default -> UNKNOWN;
        };
    }

    /** {@code text} as the value of grpc-message: percent-encoded but for printable ASCII. */
    static String message(String text) {
        StringBuilder out = new StringBuilder(text.length() + 8);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b >= ' ' && b < 0x7f && b != '%') {
                out.append((char) b);
            } else {
                out.append('%')
                        .append(Character.toUpperCase(Character.forDigit(b >> 4 & 15, 16)))
                        .append(Character.toUpperCase(Character.forDigit(b & 15, 16)));
            }
        }
        return out.toString();
    }
}
