package com.esperr.client;

import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The checked options of a client. Immutable.
 *
 * @param apiKey the key
 * @param endpoint what the path of every call is appended to, ending in {@code /api/v1}
 * @param timeout for one try, from connecting to the last byte
 * @param deadline for a whole call with its retries and pauses, or null
 * @param retries when there is one more try, and after how long
 * @param source who asks and tells, unless a request says otherwise
 * @param tenantId whose events it sends, unless an event says otherwise, or null
 * @param challengeHosts where challenges may be besides Esper's hosts and the application's own
 * @param answerKeys under which names answers say what
 * @param proofTokenKey under which name a proof is sent
 * @param acceptBareVerification whether an empty or silent 2xx answer makes a proof valid
 */
record Settings(
        ApiKey apiKey,
        URI endpoint,
        Duration timeout,
        @Nullable Duration deadline,
        RetryRules retries,
        String source,
        @Nullable String tenantId,
        Set<String> challengeHosts,
        AnswerKeys answerKeys,
        String proofTokenKey,
        boolean acceptBareVerification) {}
