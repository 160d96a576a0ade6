package com.esperr.gateway.server;

import com.esperr.gateway.challenge.ChallengeSession;
import com.esperr.gateway.challenge.HostedChallenges;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The page on which a visitor takes a challenge: a form with one button. Thread-safe. */
final class ChallengeOperation implements Operation {
    private static final String METHOD = "button";
    private static final String HTML = "text/html; charset=utf-8";

    private final HostedChallenges challenges;
    private final Map<String, Tenant> tenants;
    private final ChallengePages pages = ChallengePages.load();

    ChallengeOperation(HostedChallenges challenges, Map<String, Tenant> tenants) {
        this.challenges = challenges;
        this.tenants = Map.copyOf(tenants);
    }

    @Override
    public String path() {
        return HostedChallenges.PATH + "{session}";
    }

    @Override
    public Set<String> methods() {
        return Set.of("GET", "HEAD", "POST");
    }

    @Override
    public boolean keyed() {
        return false;
    }

    @Override
    public void answer(ApiCall call) {
        String id = call.request().path().substring(HostedChallenges.PATH.length());
        if (call.request().method().equals("POST")) {
            call.reply(pressed(id));
            return;
        }
        ChallengeSession session = challenges.find(id);
        call.reply(session == null ? over() : page(200, pages.challenge(session.returnUrl())));
    }

    private ApiReply pressed(String id) {
        HostedChallenges.Passed passed = challenges.pass(id, METHOD);
        if (passed == null) {
            return over();
        }
        count(passed);
        String location = passed.location();
        return location == null
                ? page(200, pages.passed())
                : page(303, pages.passed()).with("location", location);
    }

    private void count(HostedChallenges.Passed passed) {
        Tenant tenant = tenants.get(passed.tenant());
        String policy = passed.policy();
        if (tenant != null && policy != null) {
            tenant.engine().results().of(policy).challengeSolved();
        }
    }

    private ApiReply over() {
        return page(404, pages.over());
    }

    private static ApiReply page(int status, ChallengePages.Page page) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("content-security-policy", page.contentSecurityPolicy());
        headers.put("x-frame-options", "DENY");
        // The session is in the URL, and whoever has it has the challenge.
        headers.put("referrer-policy", "no-referrer");
        return new ApiReply(status, HTML, headers, page.body());
    }
}
