package com.esperr.gateway.server;

import com.esperr.gateway.challenge.ChallengeSession;
import com.esperr.gateway.challenge.HostedChallenges;
import com.esperr.gateway.hosting.ChallengeDesk;
import com.esperr.gateway.hosting.RejectReason;
import com.esperr.gateway.http.QueryParameters;
import com.esperr.gateway.page.Notice;
import com.esperr.gateway.page.Page;
import com.esperr.gateway.page.Pages;
import com.esperr.gateway.page.Reader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The page on which a visitor takes a challenge, and what comes of his answer: a proof with which he goes back. Thread-safe. */
final class ChallengeOperation implements Operation {
    private static final String THANKS = "thanks";
    private static final int REFERENCE_LENGTH = 10;

    private final HostedChallenges challenges;
    private final ChallengeDesk desk;
    private final Pages pages;
    private final Map<String, Tenant> tenants;

    ChallengeOperation(HostedChallenges challenges, ChallengeDesk desk, Pages pages, Map<String, Tenant> tenants) {
        this.challenges = challenges;
        this.desk = desk;
        this.pages = pages;
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
        ApiRequest request = call.request();
        String id = request.path().substring(HostedChallenges.PATH.length());
        ChallengeSession session = challenges.find(id);
        if (session == null) {
            boolean thanked = request.query().first(THANKS) != null;
            call.reply(thanked ? notice(200, Notice.THANKS, request) : notice(404, Notice.OVER, request));
        } else if (request.method().equals("POST")) {
            look(call, session, form(request));
        } else if (request.query().first("ticket") != null) {
            // A page that goes on by itself comes back so, and nothing else does.
            look(call, session, Map.of("ticket", String.valueOf(request.query().first("ticket")), "method", "refresh"));
        } else {
            call.reply(page(session, request));
        }
    }

    private static Map<String, String> form(ApiRequest request) {
        QueryParameters sent = QueryParameters.parse(new String(request.body(), StandardCharsets.UTF_8));
        Map<String, String> form = new HashMap<>();
        for (String name : new String[] {"ticket", "method", "answer"}) {
            String value = sent.first(name);
            if (value != null) {
                form.put(name, value);
            }
        }
        return form;
    }

    private void look(ApiCall call, ChallengeSession session, Map<String, String> form) {
        ApiRequest request = call.request();
        // Cookies are none of this side's: the pass is given where the proof goes.
        var unused = desk.look(site(session), form, null, true, new ChallengeDesk.Sink() {
            @Override
            public void solved(ChallengeDesk.Solution solution) {
                HostedChallenges.Passed passed =
                        challenges.pass(session.id(), solution.method().label());
                if (passed == null) {
                    desk.refused(solution, RejectReason.USED);
                    call.reply(notice(404, Notice.OVER, request));
                    return;
                }
                desk.accepted(solution);
                count(passed);
                call.reply(ChallengeOperation.this.passed(passed.location(), request));
            }

            @Override
            public void rejected(RejectReason reason, int level) {
                call.reply(
                        isScript(request)
                                ? json(403, "problem", "again")
                                : html(303, pages.notice(Notice.OVER, 303, reader(session, request), null))
                                        .with("location", request.path()));
            }

            @Override
            public void loaded() {
                call.reply(new ApiReply(204, ApiReply.JSON, Map.of(), new byte[0]));
            }
        });
    }

    private ApiReply passed(@Nullable String location, ApiRequest request) {
        if (isScript(request)) {
            return location == null ? json(200, "to", request.path() + "?" + THANKS + "=1") : json(200, "to", location);
        }
        return location == null
                ? notice(200, Notice.THANKS, request)
                : html(303, pages.notice(Notice.THANKS, 303, reader(null, request), null))
                        .with("location", location);
    }

    private void count(HostedChallenges.Passed passed) {
        Tenant tenant = tenants.get(passed.tenant());
        String policy = passed.policy();
        if (tenant != null && policy != null) {
            tenant.engine().results().of(policy).challengeSolved();
        }
    }

    private ApiReply page(ChallengeSession session, ApiRequest request) {
        String back = session.returnUrl();
        String to = back == null ? request.path() : back;
        ChallengeDesk.Visitor visitor = new ChallengeDesk.Visitor(
                site(session), 0, request.path(), to, back == null ? null : origin(back), reader(session, request));
        return html(200, desk.page(visitor));
    }

    private ApiReply notice(int status, Notice what, ApiRequest request) {
        return html(status, pages.notice(what, status, reader(null, request), null));
    }

    private static ApiReply html(int status, Page page) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("content-security-policy", page.policy());
        headers.put("content-language", page.language());
        headers.put("x-frame-options", "DENY");
        // The session is in the URL, and whoever has it has the challenge.
        headers.put("referrer-policy", "no-referrer");
        return new ApiReply(status, Page.TYPE, headers, page.body());
    }

    private static ApiReply json(int status, String name, String value) {
        return ApiReply.json(status, Json.bytes(out -> {
            out.writeStartObject();
            out.writeStringField(name, value);
            out.writeEndObject();
        }));
    }

    private static boolean isScript(ApiRequest request) {
        String accept = request.header("accept");
        return accept != null && accept.startsWith(ApiReply.JSON);
    }

    private static String site(ChallengeSession session) {
        return "session/" + session.id();
    }

    private static Reader reader(@Nullable ChallengeSession session, ApiRequest request) {
        String back = session == null ? null : session.returnUrl();
        String site =
                back == null ? request.header("host") : URI.create(origin(back)).getHost();
        String id = request.path().substring(HostedChallenges.PATH.length());
        return new Reader(
                site == null ? "" : site,
                id.substring(0, Math.min(REFERENCE_LENGTH, id.length())),
                request.header("accept-language"));
    }

    private static String origin(String url) {
        int host = url.indexOf("://") + 3;
        for (int i = host; i < url.length(); i++) {
            if (url.charAt(i) == '/' || url.charAt(i) == '?') {
                return url.substring(0, i);
            }
        }
        return url;
    }
}
