package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.esperr.gateway.decision.Deadline;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.decision.DecisionSink;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.exchange.ExchangeRecord;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.testkit.RawClient;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A request that cannot even be written, which shows when the connection to the origin is there, is answered. */
class DefectIT {
    private final OpenFront at = new OpenFront(Map.of(), Clock.SYSTEM, new WithoutCause());

    @AfterEach
    void stop() {
        at.close();
    }

    @Test
    void aDefectBehindTheLeaseIs500AndGivesTheConnectionUp() {
        try (RawClient client = at.client()) {
            assertThat(client.send(Scene.request("GET /")).readResponse().status())
                    .isEqualTo(500);
            assertThat(client.readUntilClose()).isEmpty();
        }
        await().until(() ->
                at.upstream.gauges().open() == 0 && at.upstream.gauges().leased() == 0);
        assertThat(at.records)
                .singleElement()
                .extracting(ExchangeRecord::failure)
                .isEqualTo(FailureReason.INTERNAL);
        assertThat(at.proxy.connections().requestsOpen()).isZero();
        assertThat(at.origin.requests()).isEmpty();
    }

    /** Allows everything and forgets to say why, which nobody expects. */
    private static final class WithoutCause implements DecisionSource {
        @Override
        public String name() {
            return "defect";
        }

        @Override
        public @Nullable Cancellation decide(RequestContext request, Deadline deadline, DecisionSink sink) {
            sink.decided(new Decision.Allow(null));
            return null;
        }

        @Override
        public @Nullable String trouble() {
            return null;
        }
    }
}
