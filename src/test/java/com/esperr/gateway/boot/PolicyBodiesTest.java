package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.HttpVersion;
import com.esperr.gateway.http.PathOptions;
import com.esperr.gateway.http.PathRules;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.net.CidrSet;
import com.esperr.gateway.net.ClientAddressRules;
import com.esperr.gateway.net.ForwardingHeader;
import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.policy.LoadedPolicies;
import com.esperr.gateway.policy.PolicyConfig;
import com.esperr.gateway.policy.PolicyLoader;
import com.esperr.gateway.policy.PolicySet;
import com.esperr.gateway.request.BodyReader;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.RequestContexts;
import com.esperr.gateway.request.Routes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyBodiesTest {
    private static final String FORM = "application/x-www-form-urlencoded";

    @TempDir
    private Path directory;

    private final AtomicReference<PolicySet> inForce = new AtomicReference<>(PolicySet.EMPTY);
    private final PolicyBodies bodies = new PolicyBodies(
            () -> inForce.get().bodyFields(), new PolicyConfig.Bodies(1_000, 10_000, Duration.ofSeconds(1)));

    private PolicySet asking(String field) throws IOException {
        LoadedPolicies loaded = PolicyLoader.load(List.of(Files.writeString(
                directory.resolve("policies.conf"),
                "policies = [ { policy_id = p, clauses = [ { mitigation = block, match { field = \"" + field
                        + "\", operator = is_present } } ] } ]")));
        assertThat(loaded.problems()).isEmpty();
        return loaded.policies();
    }

    private static RequestContext post(String type) {
        Fields fields = Fields.builder(2)
                .add("Host", "shop.test")
                .add("Content-Type", type)
                .build();
        return new RequestContexts(
                        new ClientAddressRules(CidrSet.empty(), ForwardingHeader.X_FORWARDED_FOR),
                        new PathRules(PathOptions.STRICT),
                        Routes.NONE,
                        "edge",
                        () -> 0)
                .of(
                        new RequestHead("POST", "/", HttpVersion.HTTP_1_1, fields, 10, true, false),
                        IpAddress.parse("192.0.2.1"),
                        "http");
    }

    private Map<String, String> read(String body) {
        return bodies.read(post(FORM), body.getBytes(StandardCharsets.UTF_8), false)
                .values();
    }

    @Test
    void nothingIsLookedIntoUnlessAPolicyAsks() throws IOException {
        assertThat(bodies.interest(post(FORM))).isEqualTo(BodyReader.Interest.NONE);
        inForce.set(asking("cookie[a]"));
        assertThat(bodies.interest(post(FORM))).isEqualTo(BodyReader.Interest.NONE);
    }

    @Test
    void thePoliciesInForceSayWhatIsLookedFor() throws IOException {
        inForce.set(asking("body[a]"));
        assertThat(bodies.interest(post(FORM))).isEqualTo(BodyReader.Interest.READ);
        assertThat(bodies.interest(post("application/json"))).isEqualTo(BodyReader.Interest.READ);
        assertThat(bodies.interest(post("text/plain"))).isEqualTo(BodyReader.Interest.NONE);
        assertThat(read("a=1&b=2")).containsExactly(Map.entry("body[a]", "1"));
        inForce.set(asking("body[b]"));
        assertThat(read("a=1&b=2")).containsExactly(Map.entry("body[b]", "2"));
        inForce.set(PolicySet.EMPTY);
        assertThat(bodies.interest(post(FORM))).isEqualTo(BodyReader.Interest.NONE);
        assertThat(read("a=1&b=2")).isEmpty();
    }
}
