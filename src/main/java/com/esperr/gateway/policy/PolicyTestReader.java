package com.esperr.gateway.policy;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.decision.Action;
import com.esperr.gateway.http.QueryParameters;
import com.esperr.gateway.http.RequestTarget;
import com.esperr.gateway.policy.PolicyTest.Expectation;
import com.esperr.gateway.request.BotFacts;
import com.esperr.gateway.request.BotFacts.Method;
import com.esperr.gateway.request.BotFacts.Status;
import com.esperr.gateway.request.RequestDescription;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads one element of {@code tests}; what is wrong is reported to the section. Stateless. */
final class PolicyTestReader {
    private static final int MAX_REPEAT = 10_000;
    private static final String URL = "an absolute http(s) URL";

    private PolicyTestReader() {}

    static PolicyTest read(Section section) {
        String name = DefinitionReader.title(section);
        Written written = Written.in(section, "name", name == null ? "" : name);
        Expectation expect = expectation(section.section("expect"));
        return new PolicyTest(
                // Where the expectation stands is where people look when it is not met.
                new Written(written.text(), section.location("expect").toString(), section.path()),
                request(section.section("request")),
                section.integerOr("repeat", 1, 1, MAX_REPEAT),
                section.durationOr("every", Duration.ZERO, Duration.ZERO, Duration.ofDays(1)),
                expect);
    }

    private static Expectation expectation(Section section) {
        Action action = section.choice("action", Action.class);
        return new Expectation(action, section.stringOrNull("policy"), section.stringOrNull("clause"));
    }

    private static RequestDescription request(Section section) {
        RequestDescription request = new RequestDescription()
                .method(section.stringOr("method", "GET"))
                .source(section.stringOr("source", "test"))
                .clientIp(section.stringOr("client_ip", "192.0.2.1"))
                .userAgent(section.stringOrNull("user_agent"));
        String url = section.stringOrNull("url");
        if (url == null) {
            target(request, section.stringOr("path", "/"));
        } else {
            url(section, request, url);
        }
        section.entries("headers").forEach(request::header);
        section.entries("query_params").forEach(request::queryParam);
        section.entries("cookies").forEach(request::cookie);
        section.entries("route_params").forEach(request::routeParam);
        section.entries("body").forEach(request::field);
        Section bot = section.sectionOrNull("bot");
        return bot == null ? request : request.bot(bot(bot));
    }

    private static BotFacts bot(Section section) {
        String name = section.required("name", "the name of a bot, e.g. googlebot");
        Status status = section.choiceOr("status", Status.VERIFIED, Status.class);
        Method method = section.choiceOr("method", Method.RANGE, Method.class);
        return new BotFacts(name, status, status == Status.VERIFIED ? method : null, false);
    }

    private static void url(Section section, RequestDescription request, String url) {
        if (section.has("path")) {
            section.problem("path", "beside url", "one of them");
        }
        if (RequestTarget.parse(url, "GET") instanceof RequestTarget.AbsoluteForm absolute) {
            String query = absolute.query();
            target(request, query == null ? absolute.path() : absolute.path() + '?' + query);
            request.returnUrl(url);
        } else {
            section.problem("url", url, URL);
        }
    }

    private static void target(RequestDescription request, String target) {
        int mark = target.indexOf('?');
        request.path(mark < 0 ? target : target.substring(0, mark));
        QueryParameters query = QueryParameters.parse(queryOf(target, mark));
        for (int i = 0; i < query.size(); i++) {
            request.queryParam(query.name(i), query.value(i));
        }
    }

    private static @Nullable String queryOf(String target, int mark) {
        return mark < 0 ? null : target.substring(mark + 1);
    }
}
