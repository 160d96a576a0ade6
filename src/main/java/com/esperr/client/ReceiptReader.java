package com.esperr.client;

import java.net.http.HttpHeaders;
import java.util.List;

/** Reads what Esper says about an event. Immutable. */
final class ReceiptReader implements AnswerReader<BeaconReceipt> {
    private static final List<String> DECISION = List.of("active_mitigation.decision");

    private final ApiKey key;

    ReceiptReader(ApiKey key) {
        this.key = key;
    }

    @Override
    public BeaconReceipt read(int status, HttpHeaders headers, byte[] body) throws MalformedAnswerException {
        JsonAnswer answer = JsonAnswer.parse(body);
        String word = answer.decidingText(DECISION);
        return new BeaconReceipt(
                answer.text(List.of("item_id")),
                answer.text(List.of("lookup_entity_id")),
                word == null ? null : ActionWord.parse(word, key));
    }
}
