package com.esperr.gateway.beacon;

import com.esperr.gateway.exchange.ExchangeRecord;
import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.state.StateKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of one finished exchange until it is written. Immutable; it exists because a request may only be read on its
 * event loop, while hashing and writing are done elsewhere.
 *
 * @param key the same for this exchange however often it is sent
 * @param observedAtMillis when the head was received, epoch milliseconds
 * @param source the name of the gateway, as the site has it
 * @param values the configured fields in their order, null where the request has none
 * @param status the status that was sent, 0 for none
 * @param outcome how it ended
 * @param decision what was decided, or null
 * @param learnedUnder under what the answer is learned, or null if it is not
 */
record BeaconEvent(
        UUID key,
        long observedAtMillis,
        String source,
        String method,
        String path,
        IpAddress client,
        @Nullable String userAgent,
        List<@Nullable String> values,
        int status,
        String outcome,
        @Nullable String decision,
        @Nullable StateKey learnedUnder) {
    /** The event of {@code exchange}, which was about {@code request}; called on its event loop. */
    static BeaconEvent of(
            ExchangeRecord exchange, RequestContext request, List<EventField> fields, @Nullable StateKey learnedUnder) {
        List<@Nullable String> values = new ArrayList<>(fields.size());
        for (EventField field : fields) {
            values.add(field.reference().value(request));
        }
        return new BeaconEvent(
                request.idempotencyKey(),
                request.observedAtMillis(),
                request.source(),
                request.method(),
                request.forwardPath(),
                request.client().address(),
                request.userAgent(),
                Collections.unmodifiableList(values),
                exchange.status(),
                exchange.outcome().label(),
                exchange.decision() == null
                        ? null
                        : exchange.decision().action().label(),
                learnedUnder);
    }
}
