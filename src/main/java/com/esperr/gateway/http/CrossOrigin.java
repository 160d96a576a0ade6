package com.esperr.gateway.http;

import java.util.regex.Pattern;

/**
 * Lets a script of another site read an answer of ours (Fetch, CORS protocol), which it needs to see that it is a challenge and
 * not an outage. Such an answer holds nothing of the visitor's, so any site may. Stateless.
 */
public final class CrossOrigin {
    private static final Pattern ORIGIN = Pattern.compile("null|[a-z][a-z0-9+.-]{0,30}://[!-~&&[^/\\\\\"<>]]{1,255}");
    private static final String EXPOSED =
            "Esper-Mitigated, Esper-Challenge, Esper-Reference, Retry-After, grpc-status, grpc-message";

    private CrossOrigin() {}

    /** {@code reply}, readable for the script that has sent a request with the lines {@code request}, if one has. */
    public static LocalReply readable(LocalReply reply, Fields request) {
        String origin = request.get(FieldName.ORIGIN);
        if (origin == null || !ORIGIN.matcher(origin).matches()) {
            return reply;
        }
        Fields own = reply.fields();
        Fields.Builder fields = Fields.builder(own.size() + 3);
        boolean varies = false;
        for (int i = 0; i < own.size(); i++) {
            boolean vary = own.name(i).equalsIgnoreCase("vary");
            varies |= vary;
            fields.add(own.name(i), vary ? own.value(i) + ", Origin" : own.value(i));
        }
        if (!varies) {
            fields.add("Vary", "Origin");
        }
        fields.add("Access-Control-Allow-Origin", origin);
        fields.add("Access-Control-Allow-Credentials", "true");
        fields.add("Access-Control-Expose-Headers", EXPOSED);
        return new LocalReply(reply.status(), fields.build(), reply.body());
    }
}
