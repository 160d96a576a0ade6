package com.esperr.client;

import java.net.http.HttpHeaders;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads decisions about requests of one host. Immutable. */
final class MitigationReader implements AnswerReader<MitigationResult> {
    private static final Pattern ID = Pattern.compile("[!-~]{1,128}");
    private static final int LONGEST_REASON = 512;

    private final Settings settings;
    private final ChallengeHosts hosts;

    /** A reader of decisions about requests whose visitors come back to {@code returnUrl}. */
    MitigationReader(Settings settings, String returnUrl) {
        this.settings = settings;
        this.hosts = new ChallengeHosts(settings, returnUrl);
    }

    @Override
    public MitigationResult read(int status, HttpHeaders headers, byte[] body) throws MalformedAnswerException {
        AnswerKeys keys = settings.answerKeys();
        JsonAnswer answer = JsonAnswer.parse(body);
        String word = answer.decidingText(keys.action());
        MitigationAction action = word == null ? MitigationAction.Allow : ActionWord.parse(word, settings.apiKey());
        String redirectUrl = answer.text(keys.redirectUrl());
        return new MitigationResult(
                action,
                action == MitigationAction.Challenge ? hosts.checked(redirectUrl) : null,
                decisionId(answer, headers),
                reason(answer));
    }

    private @Nullable String decisionId(JsonAnswer answer, HttpHeaders headers) throws MalformedAnswerException {
        String id = answer.text(settings.answerKeys().decisionId());
        if (id == null) {
            id = headers.firstValue(settings.answerKeys().decisionIdHeader()).orElse("");
        }
        return ID.matcher(id).matches() ? id : null;
    }

    private @Nullable String reason(JsonAnswer answer) throws MalformedAnswerException {
        String reason = answer.text(settings.answerKeys().reason());
        return reason == null ? null : settings.apiKey().start(reason, LONGEST_REASON);
    }
}
