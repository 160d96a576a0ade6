package com.esperr.gateway.hosting;

import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.challenge.Earned;
import com.esperr.gateway.challenge.Grants;
import com.esperr.gateway.challenge.Reception;
import com.esperr.gateway.decision.Cause;
import com.esperr.gateway.decision.ChallengeUrl;
import com.esperr.gateway.decision.Decision;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.http.ClientForm;
import com.esperr.gateway.http.Escapes;
import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.LocalReply;
import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.page.Notice;
import com.esperr.gateway.page.Page;
import com.esperr.gateway.page.PageReplies;
import com.esperr.gateway.page.Pages;
import com.esperr.gateway.page.Reader;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.ReturnUrl;
import com.esperr.gateway.state.ClaimSink;
import com.esperr.gateway.state.Claimed;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The challenges of the gateway itself: the page in place of the one that was asked for, and what is answered to those who have passed it.
 * Thread-safe; never blocks. Who has passed gets a cookie with his pass and goes to what he asked for, which is read anew and never
 * leaves the site. Nothing is ever taken from anybody: no answer of ours clears or replaces a pass by less.
 */
public final class GatewayReception implements Reception {
    /** Where under the path that is ours. */
    static final String CHALLENGE = "challenge";

    private static final String RETURN = "return";
    private static final String LEVEL = "level";
    private static final Fields RETRY =
            Fields.builder(1).add("Retry-After", "60").build();

    private final HostingConfig config;
    private final ChallengeDesk desk;
    private final Grants grants;
    private final Pages pages;
    private final SeenCookie seen;
    private final RetryScript script = RetryScript.load();
    private final LongSupplier epochMillis;

    /** The challenges of {@code config}, for which {@code grants} gives passes. */
    public GatewayReception(
            HostingConfig config, ChallengeDesk desk, Grants grants, Pages pages, LongSupplier epochMillis) {
        this.config = config;
        this.desk = desk;
        this.grants = grants;
        this.pages = pages;
        this.seen = new SeenCookie(grants.seals("seen"), config.time(), epochMillis);
        this.epochMillis = epochMillis;
    }

    /** Where challenges are that nobody else holds, under {@code path}. */
    public static ChallengeUrl place(String path) {
        return ChallengeUrl.parse(path + CHALLENGE + '?' + RETURN + "={return_url}&" + LEVEL + "={level}");
    }

    /** Whether a challenge at {@code redirectUrl} is held here. */
    public boolean holds(String redirectUrl) {
        return redirectUrl.startsWith(config.path() + CHALLENGE + '?');
    }

    /** How full is what there is for them. */
    public List<Fill> fills() {
        return desk.fills();
    }

    @Override
    public boolean takes(RequestContext request) {
        return request.path().startsWith(config.path());
    }

    /** The challenge in place of the page that {@code request} asks for. */
    public LocalReply page(RequestContext request) {
        return page(request, ReturnUrl.target(request), request.route().requiredLevel());
    }

    @Override
    public DecisionSource.@Nullable Cancellation answer(RequestContext request, Consumer<Decision> sink) {
        String method = request.method();
        boolean get = method.equals("GET") || method.equals("HEAD");
        if (!request.path().equals(config.path() + CHALLENGE)) {
            String name = request.path().substring(config.path().length());
            LocalReply file = get ? script.answer(name) : null;
            tell(sink, file == null ? notice(request, 404) : file);
        } else if (method.equals("POST")) {
            return submitted(request, request.bodyFields().values(), sink);
        } else if (!get) {
            tell(sink, notice(request, 405));
        } else if (request.query().first("ticket") != null) {
            return submitted(request, query(request), sink);
        } else {
            String told = request.query().first(RETURN);
            String target = told == null ? "/" : ReturnUrl.onThisSite(told, request);
            int level = level(request.query().first(LEVEL));
            boolean passed = grants.holds(request, level);
            if (passed) {
                grants.returned(request, target);
            }
            tell(sink, passed ? goOn(request, target, null) : page(request, target, level));
        }
        return null;
    }

    /** What a link says; whoever changes it gets less than he needs and is asked again. */
    private static int level(@Nullable String told) {
        return told != null && told.length() == 1 && told.charAt(0) >= '0' && told.charAt(0) <= '9'
                ? told.charAt(0) - '0'
                : 0;
    }

    /** What goes on by itself comes back with a query, and nothing else does. */
    private static Map<String, String> query(RequestContext request) {
        Map<String, String> form = new HashMap<>();
        for (String name : new String[] {"ticket", "to"}) {
            String value = request.query().first(name);
            if (value != null) {
                form.put(name, value);
            }
        }
        form.put("method", Method.REFRESH.label());
        return form;
    }

    private DecisionSource.@Nullable Cancellation submitted(
            RequestContext request, Map<String, String> form, Consumer<Decision> sink) {
        String target = ReturnUrl.onThisSite(form.getOrDefault("to", "/"), request);
        String site = grants.site(request);
        String browser = seen.find(request, site);
        IpAddress address = request.clientAddress();
        String text = address == null ? null : address.toString();
        return desk.look(site, form, text, browser != null, new ChallengeDesk.Sink() {
            @Override
            public void solved(ChallengeDesk.Solution solution) {
                claim(request, solution, browser == null ? "" : browser, target, sink);
            }

            @Override
            public void rejected(RejectReason reason, int level) {
                // Whoever has passed in another tab meanwhile has nothing to prove.
                boolean passed = grants.holds(request, level);
                returned(request, target, reason != RejectReason.UNKNOWN);
                tell(sink, passed ? goOn(request, target, null) : again(request, target, reason));
            }

            @Override
            public void loaded() {
                tell(sink, new LocalReply(204, common(request).build(), new byte[0]));
            }
        });
    }

    private void claim(
            RequestContext request,
            ChallengeDesk.Solution solution,
            String browser,
            String target,
            Consumer<Decision> sink) {
        long millis = config.time().toMillis() + 1;
        grants.claim(request, solution.challenge(), browser, millis, new ClaimSink() {
            @Override
            public void claimed(Claimed outcome) {
                if (outcome == Claimed.TAKEN) {
                    refused(RejectReason.USED);
                    return;
                }
                desk.accepted(solution);
                returned(request, target, true);
                tell(sink, goOn(request, target, pass(request, solution, target)));
            }

            @Override
            public void failed(String detail) {
                refused(RejectReason.UNAVAILABLE);
            }

            private void refused(RejectReason reason) {
                desk.refused(solution, reason);
                returned(request, target, true);
                tell(sink, again(request, target, reason));
            }
        });
    }

    /** Counts one that comes back to {@code target}; two that another site sends would keep the visitor from that page. */
    private void returned(RequestContext request, String target, boolean ticket) {
        Sender sender = Sender.of(request);
        if (sender == Sender.OURS || (sender == Sender.UNTOLD && ticket)) {
            grants.returned(request, target);
        }
    }

    private @Nullable String pass(RequestContext request, ChallengeDesk.Solution solution, String target) {
        Method method = solution.method();
        if (grants.holds(request, grants.level(method.label()) + 1)) {
            return null;
        }
        long life = (method.byHand() ? config.lifetimeByHand() : config.lifetime()).toMillis();
        return grants.grant(
                request, new Earned(solution.challenge(), method.label(), epochMillis.getAsLong() + life), target);
    }

    // --- answers

    private LocalReply page(RequestContext request, String target, int level) {
        String site = grants.site(request);
        Page page = desk.page(
                new ChallengeDesk.Visitor(site, level, config.path() + CHALLENGE, target, null, reader(request)));
        Fields.Builder extra = Fields.builder(2).add("Retry-After", RETRY.value(0));
        String cookie = seen.set(request, site);
        if (cookie != null) {
            extra.add("Set-Cookie", cookie);
        }
        return PageReplies.of(page, config.status(), request.reference(), extra.build());
    }

    /** Sends somebody who has passed to what he asked for; a script is told where that is. */
    private LocalReply goOn(RequestContext request, String target, @Nullable String cookie) {
        String onward = grants.onward(request, target);
        Fields.Builder fields = common(request);
        byte[] body = new byte[0];
        boolean page = isPage(request);
        if (page) {
            fields.add("Location", onward);
        } else {
            body = json("to", onward);
            fields.add("Content-Type", "application/json");
        }
        fields.add("Content-Length", Integer.toString(body.length));
        if (cookie != null) {
            fields.add("Set-Cookie", cookie);
        }
        return new LocalReply(page ? 303 : 200, fields.build(), body);
    }

    /** One more challenge, in place of the page; or the one thing that is to be done about it. */
    private LocalReply again(RequestContext request, String target, RejectReason reason) {
        boolean cookies = reason == RejectReason.COOKIES;
        if (isPage(request) && cookies) {
            Page page = pages.notice(Notice.COOKIES, config.status(), reader(request), target);
            return PageReplies.of(page, config.status(), request.reference(), Fields.EMPTY);
        }
        Fields.Builder fields = common(request);
        if (isPage(request)) {
            fields.add("Location", target).add("Content-Length", "0");
            return new LocalReply(303, fields.build(), new byte[0]);
        }
        byte[] body = json("problem", cookies ? "cookies" : "again");
        fields.add("Content-Type", "application/json").add("Content-Length", Integer.toString(body.length));
        return new LocalReply(config.status(), fields.build(), body);
    }

    private LocalReply notice(RequestContext request, int status) {
        Page page = pages.notice(Notice.of(status), status, reader(request), null);
        Fields extra = status == 405
                ? Fields.builder(1).add("Allow", "GET, HEAD, POST").build()
                : Fields.EMPTY;
        return PageReplies.of(page, status, request.reference(), extra);
    }

    private static Fields.Builder common(RequestContext request) {
        return Fields.builder(8)
                .add("Cache-Control", "no-store")
                .add("Referrer-Policy", "no-referrer")
                .add("X-Content-Type-Options", "nosniff")
                .add("Esper-Reference", Escapes.url(request.reference()));
    }

    private static byte[] json(String name, String value) {
        return ("{\"" + name + "\":\"" + Escapes.json(value) + "\"}\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean isPage(RequestContext request) {
        return ClientForm.of(request.method(), request.fields()) == ClientForm.HTML;
    }

    /** For whom the page of {@code request} is. */
    private static Reader reader(RequestContext request) {
        return new Reader(request.host(), request.reference(), request.fields().get(FieldName.ACCEPT_LANGUAGE));
    }

    private static void tell(Consumer<Decision> sink, LocalReply reply) {
        sink.accept(new Decision.Reply(reply, Cause.OURS));
    }
}
