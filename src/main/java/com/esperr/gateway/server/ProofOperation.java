package com.esperr.gateway.server;

import com.esperr.gateway.challenge.HostedChallenges;
import com.esperr.gateway.challenge.Proof;
import com.esperr.gateway.challenge.ProofVerdict;
import com.esperr.gateway.telemetry.ServiceMetrics;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** Whether a proof that a visitor brought counts. Thread-safe. */
final class ProofOperation implements Operation {
    private static final ApiError UNAVAILABLE = new ApiError(
            503,
            "unavailable",
            "whether the proof was shown before cannot be known at the moment",
            null,
            Map.of("retry-after", "1"));

    private final HostedChallenges challenges;
    private final ServiceMetrics metrics;

    ProofOperation(HostedChallenges challenges, ServiceMetrics metrics) {
        this.challenges = challenges;
        this.metrics = metrics;
    }

    @Override
    public String path() {
        return "/api/v1/challenge/proof/verify";
    }

    @Override
    public Set<String> methods() {
        return Set.of("POST");
    }

    @Override
    public boolean keyed() {
        return true;
    }

    @Override
    public void answer(ApiCall call) {
        String token = token(call.request().body());
        challenges.verify(token, call.caller().tenant().id(), verdict -> call.reply(reply(verdict)));
    }

    private ApiReply reply(ProofVerdict verdict) {
        if (verdict instanceof ProofVerdict.Valid valid) {
            metrics.proof("valid");
            return ApiReply.json(200, valid(valid.proof()));
        }
        if (verdict instanceof ProofVerdict.Invalid invalid) {
            metrics.proof(invalid.label());
            return ApiReply.json(200, Json.bytes(out -> {
                out.writeStartObject();
                out.writeBooleanField("valid", false);
                out.writeStringField("reason", invalid.label());
                out.writeEndObject();
            }));
        }
        metrics.proof("failed");
        return ApiReply.error(UNAVAILABLE);
    }

    private static byte[] valid(Proof proof) {
        return Json.bytes(out -> {
            out.writeStartObject();
            out.writeBooleanField("valid", true);
            out.writeStringField(
                    "expires_at", Instant.ofEpochMilli(proof.expiresAtMillis()).toString());
            out.writeStringField("method", proof.method());
            out.writeStringField("return_host", proof.host());
            out.writeEndObject();
        });
    }

    private static String token(byte[] body) {
        return JsonInput.read(body, input -> {
            String[] token = new String[1];
            input.members(name -> {
                if (name.equals("proof_token")) {
                    token[0] = input.text(name);
                } else {
                    input.skip();
                }
            });
            if (token[0] == null || token[0].isEmpty()) {
                throw BadInput.field("proof_token", "proof_token: missing (expected: the token of the proof)");
            }
            return token[0];
        });
    }
}
