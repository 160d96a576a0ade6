package com.esperr.gateway.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.Configurations;
import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.config.Problem;
import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.HttpVersion;
import com.esperr.gateway.http.PathOptions;
import com.esperr.gateway.http.PathRules;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.net.CidrSet;
import com.esperr.gateway.net.ClientAddressRules;
import com.esperr.gateway.net.ForwardingHeader;
import com.esperr.gateway.net.IpAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VirtualHostsTest {
    private static final List<String> ORIGINS = List.of("a", "b", "c", "d", "e");
    private static final String SITES = """
            hosts = [
              { names = [ "Shop.example.com", shop.test ], origin = a }
              { names = [ shop.test ], path = /api, origin = b }
              { names = [ "*.example.com" ], origin = c, routes = [ { path = "/login", tier = sensitive } ] }
              { names = [ "*.deep.example.com" ], path = /only, origin = d, enforcement = none }
              { names = [ "[2001:db8::1]" ], origin = e }
            ]
            """;

    private static Loaded<VirtualHosts> read(String hocon) {
        ConfigSource source = ConfigSource.load(null, Map.of(), Map.of())
                .withReference(
                        ConfigSource.reference("hosts.conf", "unknown-host = origin, policies.sets {}\n" + hocon));
        return Configurations.read(source, root -> VirtualHosts.read(root, ORIGINS));
    }

    @ParameterizedTest
    @CsvSource({
        "shop.example.com, /, 1",
        "shop.example.com:8443, /x, 1",
        "SHOP.example.com., /x, 1",
        "shop.test, /apis, 1",
        "shop.test, /api, 2",
        "shop.test, /api/v1, 2",
        "www.example.com, /, 3",
        "a.b.example.com, /, 3",
        "example.com, /, 0",
        "x.deep.example.com, /only/this, 4",
        "x.deep.example.com, /other, 3",
        "deep.example.com, /only, 3",
        "'[2001:db8::1]:80', /, 5",
        "evil-example.com, /, 0",
        "'', /, 0",
    })
    void theMostExactNameCountsThenTheLongestPath(String host, String path, int origin) {
        Fields.Builder fields = Fields.builder(1);
        if (!host.isEmpty()) {
            fields.add("Host", host);
        }
        RequestHead head =
                new RequestHead("GET", path, HttpVersion.HTTP_1_1, fields.build(), BodyLength.NONE, true, false);

        VirtualHost found = contexts(read(SITES).value())
                .of(head, IpAddress.parse("192.0.2.1"), "http")
                .site();

        assertThat(found.origin()).isEqualTo(origin);
    }

    private static RequestContexts contexts(VirtualHosts hosts) {
        return new RequestContexts(
                new ClientAddressRules(CidrSet.of(List.of()), ForwardingHeader.X_FORWARDED_FOR),
                new PathRules(PathOptions.STRICT),
                Routes.NONE,
                hosts,
                "edge-1",
                () -> 0,
                BotLookup.NONE);
    }

    @Test
    void aSiteHasItsOwnRoutesAndEnforcement() {
        VirtualHosts hosts = read(SITES).value();
        assertThat(hosts.find("www.example.com", "/login")
                        .match("GET", "/login")
                        .route()
                        .tier())
                .isEqualTo(Tier.SENSITIVE);
        assertThat(hosts.find("shop.test", "/login")
                        .match("GET", "/login")
                        .route()
                        .tier())
                .isEqualTo(Tier.NORMAL);
        assertThat(hosts.find("x.deep.example.com", "/only")
                        .match("GET", "/only")
                        .route()
                        .tier())
                .isEqualTo(Tier.EXEMPT);
    }

    @Test
    void aSiteNamesItsPoliciesAndWhatTheGatewayIsCalledThere() {
        VirtualHosts hosts =
                read("policies.sets.strict {}, hosts = [ { names = [ a.test ], policies = strict, source = a }, { names = [ b.test ] } ]")
                        .value();
        VirtualHost own = hosts.find("a.test", "/");
        assertThat(own.policies()).isEqualTo("strict");
        assertThat(own.source()).isEqualTo("a");
        assertThat(own.label("door")).isEqualTo("strict/door");
        VirtualHost usual = hosts.find("b.test", "/");
        assertThat(usual.policies()).isNull();
        assertThat(usual.source()).isNull();
        assertThat(usual.label("door")).isEqualTo("door");
    }

    @Test
    void whoIsUnknownIsRefusedWhereThatIsWanted() {
        VirtualHosts hosts = read(SITES + "unknown-host = 404").value();
        assertThat(hosts.refusal()).isEqualTo(404);
        assertThat(hosts.find("elsewhere.test", "/")).isNull();
        assertThat(hosts.find("shop.test", "/")).isNotNull();
        assertThat(read("hosts = [ { names = [ \"*\" ], origin = b } ], unknown-host = 421")
                        .value()
                        .find("any.test", "/")
                        .origin())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hosts = [ { names = [ \"a.test:80\" ] } ]",
                "hosts = [ { names = [ \"a.*.test\" ] } ]",
                "hosts = [ { names = [ \"*.\" ] } ]",
                "hosts = [ { names = [ \"http://a.test\" ] } ]",
                "hosts = [ { } ]",
                "hosts = [ { names = [ a.test ], origin = nobody } ]",
                "hosts = [ { names = [ a.test ], path = api } ]",
                "hosts = [ { names = [ a.test ], path = /a/../b } ]",
                "hosts = [ { names = [ a.test ], path = /a/ } ]",
                "hosts = [ { names = [ a.test ], enforcement = some } ]",
                "hosts = [ { names = [ a.test ] }, { names = [ A.test ] } ]",
                "unknown-host = 200",
                "hosts = [ { names = [ a.test ], policies = nobody } ]",
            })
    void whatCannotBeMeantIsAProblem(String hocon) {
        assertThat(read(hocon).problems()).extracting(Problem::toString).hasSize(1);
    }
}
