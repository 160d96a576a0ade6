package com.esperr.gateway.request;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.Configurations;
import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.HttpVersion;
import com.esperr.gateway.http.PathOptions;
import com.esperr.gateway.http.PathRules;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.net.Cidr;
import com.esperr.gateway.net.CidrSet;
import com.esperr.gateway.net.ClientAddressRules;
import com.esperr.gateway.net.ForwardingHeader;
import com.esperr.gateway.net.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Contexts of requests as the gateway makes them, for tests of everything that decides on one. */
public final class Requests {
    /** 2026-05-04T08:15:30.120Z. */
    public static final long NOW = 1_777_882_530_120L;

    private static final Map<String, RequestContexts> CONTEXTS = new ConcurrentHashMap<>();

    private final String method;
    private final String target;
    private final Fields.Builder fields = Fields.builder(4);
    private String client = "198.51.100.23";
    private String scheme = "https";
    private long bodyLength = BodyLength.NONE;
    private String routes = "routes = []";
    private BotFacts bot;

    private Requests(String method, String target) {
        this.method = method;
        this.target = target;
    }

    /** A GET for {@code https://shop.test} and {@code target}. */
    public static Requests get(String target) {
        return hostless("GET", target).with("Host", "shop.test");
    }

    /** A request without Host. */
    public static Requests hostless(String method, String target) {
        return new Requests(method, target);
    }

    public Requests with(String name, String value) {
        fields.add(name, value);
        return this;
    }

    public Requests from(String address) {
        client = address;
        return this;
    }

    public Requests scheme(String spoken) {
        scheme = spoken;
        return this;
    }

    /** With a body of so many bytes. */
    public Requests body(long length) {
        bodyLength = length;
        return this;
    }

    public Requests tier(Tier tier) {
        return route("/**", tier);
    }

    public Requests route(String template, Tier tier) {
        routes = "routes = [ { path = \"" + template + "\", tier = " + tier.label() + " } ]";
        return this;
    }

    /** On a route that requires a pass of that level. */
    public Requests requiring(int level) {
        routes = "routes = [ { path = \"/**\", tier = normal, require-level = " + level + " } ]";
        return this;
    }

    /** Of this bot, whatever its fields say. */
    public Requests bot(BotFacts facts) {
        bot = facts;
        return this;
    }

    public RequestContext context() {
        RequestContext made = made();
        return bot == null ? made : made.recognisedBy(any -> bot);
    }

    private RequestContext made() {
        return CONTEXTS.computeIfAbsent(routes, Requests::contexts)
                .of(
                        new RequestHead(method, target, HttpVersion.HTTP_1_1, fields.build(), bodyLength, true, false),
                        IpAddress.parse(client),
                        scheme);
    }

    private static RequestContexts contexts(String routes) {
        ConfigSource source = ConfigSource.load(null, Map.of(), Map.of())
                .withReference(ConfigSource.reference("routes.conf", routes));
        return new RequestContexts(
                new ClientAddressRules(
                        CidrSet.of(List.of(Cidr.parse("127.0.0.1/32"))), ForwardingHeader.X_FORWARDED_FOR),
                new PathRules(PathOptions.STRICT),
                Configurations.read(source, Routes::read).value(),
                "edge-1",
                () -> NOW);
    }
}
