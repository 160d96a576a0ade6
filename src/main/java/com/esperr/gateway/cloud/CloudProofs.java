package com.esperr.gateway.cloud;

import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.decision.ProofVerifier;
import com.esperr.gateway.decision.Verified;
import com.esperr.gateway.esper.ProofAnswer;
import com.esperr.gateway.esper.ProofAnswerReader;
import com.esperr.gateway.esper.ProofConfig;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.transport.PreparedCall;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Asks the service whether proofs count. Thread-safe; a question stays on the event loop that asks it. */
final class CloudProofs implements ProofVerifier {
    private final JsonFactory json = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.threadLocalPool())
            .build();
    private final CloudService service;
    private final ProofConfig config;
    private final ProofAnswerReader reader;
    private final PreparedCall prepared;

    CloudProofs(CloudService service, ProofConfig config, LongSupplier epochMillis) {
        this.service = service;
        this.config = config;
        this.reader = new ProofAnswerReader(config, epochMillis);
        this.prepared =
                service.client().prepare("POST", config.path(), service.writer().headers());
    }

    @Override
    public DecisionSource.@Nullable Cancellation verify(String proof, Deadline deadline, Sink sink) {
        return service.send(new ProofQuestion(proof, sink), deadline);
    }

    /** One question about one proof; confined to the event loop that asks. */
    private final class ProofQuestion implements Errand {
        private final String proof;
        private final Sink sink;

        ProofQuestion(String proof, Sink sink) {
            this.proof = proof;
            this.sink = sink;
        }

        @Override
        public PreparedCall prepared() {
            return prepared;
        }

        @Override
        public boolean idempotent() {
            // A proof may count once only: asked again, the service would refuse what it has just accepted.
            return false;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            try (JsonGenerator generator = json.createGenerator(out)) {
                generator.writeStartObject();
                generator.writeStringField(config.proofField(), proof);
                generator.writeEndObject();
            }
        }

        @Override
        public boolean answers(int status) {
            return ProofAnswerReader.answers(status);
        }

        @Override
        public Runnable read(int status, Fields fields, byte[] body) {
            ProofAnswer answer = reader.read(status, body);
            return () -> {
                if (answer == null) {
                    sink.invalid();
                } else {
                    sink.valid(new Verified(answer.expiresAtMillis(), answer.method(), answer.returnHost()));
                }
            };
        }

        @Override
        public void failed(FailureReason reason, String detail) {
            sink.failed(reason, detail);
        }
    }
}
