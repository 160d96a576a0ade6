package com.esperr.gateway.proxy;

import com.esperr.gateway.acme.AcmeCertificate;
import com.esperr.gateway.acme.ChallengeAnswers;
import com.esperr.gateway.http.LocalReplies;
import com.esperr.gateway.http.LocalReply;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.request.RequestContext;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What an authority finds that looks whether a name leads here (RFC 8555 section 8.3), whichever listener it comes to. Immutable. */
final class AcmeFiles implements EarlyAnswer {
    private final List<ChallengeAnswers> orders;
    private final LocalReplies replies;

    private AcmeFiles(List<ChallengeAnswers> orders, LocalReplies replies) {
        this.orders = orders;
        this.replies = replies;
    }

    /** Those of all listeners. */
    static EarlyAnswer of(List<ProxyServer.Entrance> entrances, LocalReplies replies) {
        List<ChallengeAnswers> orders = entrances.stream()
                .flatMap(entrance -> Stream.ofNullable(entrance.tls()))
                .flatMap(tls -> Stream.ofNullable(tls.acme()))
                .map(AcmeCertificate::answers)
                .distinct()
                .toList();
        return orders.isEmpty() ? NONE : new AcmeFiles(orders, replies);
    }

    @Override
    public @Nullable LocalReply answer(RequestHead head, RequestContext request) {
        return orders.stream()
                .map(order -> order.file(request.path()))
                .filter(Objects::nonNull)
                .findFirst()
                .map(file -> replies.file(file, request.reference()))
                .orElse(null);
    }
}
