package com.esperr.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The options of an {@link EsperClient}; each has a default but the API key. Confined to one thread. */
public final class EsperClientBuilder {
    private static final String API_URL = "https://api.esperr.com";
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(10);
    private static final int MOST_RETRIES = 100;

    private final Map<String, String> environment;
    private @Nullable String apiKey;
    private @Nullable String apiUrl;
    private boolean allowPlainHttp;
    private Duration timeout = Duration.ofSeconds(30);
    private @Nullable Duration deadline;
    private int maxRetries = 3;
    private Duration retryDelay = Duration.ofSeconds(1);
    private Duration maxRetryDelay = Duration.ofSeconds(30);
    private String source = "esper-java";
    private @Nullable String tenantId;
    private Set<String> challengeHosts = Set.of();
    private AnswerKeys answerKeys = AnswerKeys.STANDARD;
    private String proofTokenKey = "proof_token";
    private boolean acceptBareVerification;
    private @Nullable HttpClient httpClient;
    private Timing timing = Timing.SYSTEM;

    EsperClientBuilder(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Sets the tenant's key; else the environment variable {@code ESPER_API_KEY}. */
    public EsperClientBuilder apiKey(String key) {
        this.apiKey = key;
        return this;
    }

    /** Sets scheme and host of the API; else {@code ESPER_API_URL}, else {@code https://api.esperr.com}. */
    public EsperClientBuilder apiUrl(String url) {
        this.apiUrl = url;
        return this;
    }

    /** Allows {@code http} to another machine, where anybody on the way can read the key. */
    public EsperClientBuilder allowPlainHttp(boolean allow) {
        this.allowPlainHttp = allow;
        return this;
    }

    /** Sets how long one try may take, from connecting to the last byte: 30 s. While a visitor waits, much less is wise. */
    public EsperClientBuilder timeout(Duration limit) {
        this.timeout = limit;
        return this;
    }

    /** Sets how long a call may take with all its retries and pauses; without it, as long as they add up to. */
    public EsperClientBuilder deadline(Duration limit) {
        this.deadline = limit;
        return this;
    }

    /** Sets how often a failed call is tried again: 3 times. */
    public EsperClientBuilder maxRetries(int retries) {
        this.maxRetries = retries;
        return this;
    }

    /** Sets the pause before the first retry, which doubles with each: 1 s. */
    public EsperClientBuilder retryDelay(Duration pause) {
        this.retryDelay = pause;
        return this;
    }

    /** Sets the longest pause: 30 s. If {@code Retry-After} asks for a longer one, there is no retry. */
    public EsperClientBuilder maxRetryDelay(Duration pause) {
        this.maxRetryDelay = pause;
        return this;
    }

    /** Sets the name of this application in requests and events: {@code esper-java}. */
    public EsperClientBuilder source(String name) {
        this.source = name;
        return this;
    }

    /** Sets the tenant of beacon events, for those that do not name one. */
    public EsperClientBuilder tenantId(String id) {
        this.tenantId = id;
        return this;
    }

    /** Allows challenges on these hosts, besides the API's, its neighbours under the same domain, and the one of the return URL. */
    public EsperClientBuilder challengeHosts(Set<String> hosts) {
        this.challengeHosts = Set.copyOf(hosts);
        return this;
    }

    /** Sets under which names answers say what: {@link AnswerKeys#STANDARD}. */
    public EsperClientBuilder answerKeys(AnswerKeys keys) {
        this.answerKeys = keys;
        return this;
    }

    /** Sets under which name a proof is sent: {@code proof_token}. */
    public EsperClientBuilder proofTokenKey(String name) {
        this.proofTokenKey = name;
        return this;
    }

    /** Takes a 2xx answer that says nothing about a proof as a yes; by default it is a no. */
    public EsperClientBuilder acceptBareVerification(boolean accept) {
        this.acceptBareVerification = accept;
        return this;
    }

    /** Sets the HTTP client to use, with its trust, proxy and threads. It must not follow redirects: the key would go along. */
    public EsperClientBuilder httpClient(HttpClient client) {
        this.httpClient = client;
        return this;
    }

    /** Replaces clock and chance. */
    EsperClientBuilder timing(Timing other) {
        this.timing = other;
        return this;
    }

    /** The client. @throws EsperValidationException if an option is not as it should be, naming all of them */
    public EsperClient build() {
        Settings settings = settings();
        return new EsperClient(settings, httpClient == null ? ownHttpClient() : httpClient, timing);
    }

    Settings settings() {
        Problems problems = new Problems();
        String key = either(apiKey, "ESPER_API_KEY", "").strip();
        if (!ApiKey.FORM.matcher(key).matches()) {
            problems.add("apiKey", key.isEmpty() ? null : "not shown", "1 to 1024 visible ASCII characters");
        }
        URI endpoint = ApiUrl.endpoint(either(apiUrl, "ESPER_API_URL", API_URL), allowPlainHttp, problems);
        check(problems);
        problems.throwIfAny();
        return new Settings(
                new ApiKey(key),
                Objects.requireNonNull(endpoint),
                timeout,
                deadline,
                new RetryRules(maxRetries, retryDelay, maxRetryDelay),
                source,
                tenantId,
                lowerCase(challengeHosts),
                answerKeys,
                proofTokenKey,
                acceptBareVerification);
    }

    private void check(Problems problems) {
        positive("timeout", timeout, problems);
        if (deadline != null) {
            positive("deadline", deadline, problems);
        }
        positive("retryDelay", retryDelay, problems);
        positive("maxRetryDelay", maxRetryDelay, problems);
        if (maxRetries < 0 || maxRetries > MOST_RETRIES) {
            problems.add("maxRetries", Integer.toString(maxRetries), "0.." + MOST_RETRIES);
        }
        problems.expectNotEmpty("source", source);
        problems.expectNotEmpty("tenantId", tenantId);
        problems.expectNotEmpty("proofTokenKey", proofTokenKey);
        if (httpClient != null && httpClient.followRedirects() != HttpClient.Redirect.NEVER) {
            problems.add("httpClient", "follows redirects", "one that does not: the key would go along");
        }
    }

    private static void positive(String name, Duration value, Problems problems) {
        if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
            problems.add(name, value.toString(), "more than nothing, at most an hour");
        }
    }

    private String either(@Nullable String given, String variable, String standard) {
        if (given != null) {
            return given;
        }
        String found = environment.getOrDefault(variable, "");
        return found.isBlank() ? standard : found;
    }

    private static Set<String> lowerCase(Set<String> hosts) {
        Set<String> lower = new HashSet<>();
        hosts.forEach(host -> lower.add(host.toLowerCase(Locale.ROOT)));
        return Set.copyOf(lower);
    }

    private HttpClient ownHttpClient() {
        return HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout.compareTo(LONGEST_CONNECT) < 0 ? timeout : LONGEST_CONNECT)
                .build();
    }
}
