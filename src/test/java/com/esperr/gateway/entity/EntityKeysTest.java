package com.esperr.gateway.entity;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.Requests;
import com.esperr.gateway.state.HashSeed;
import java.util.List;
import org.junit.jupiter.api.Test;

class EntityKeysTest {
    private static final HashSeed SEED = new HashSeed(1, 2);
    private static final List<FieldReference> VISITOR =
            List.of(FieldReference.parse("client_ip"), FieldReference.parse("user_agent"));

    private final EntityKeys keys = new EntityKeys(SEED, 64, "ip-user-agent", VISITOR);

    @Test
    void oneVisitorHasOneKeyWhateverHeAsksFor() {
        assertThat(keys.of(visitor("/a", "198.51.100.23", "curl")))
                .isEqualTo(keys.of(visitor("/b", "198.51.100.23", "curl")));
    }

    @Test
    void everyFieldTellsVisitorsApart() {
        RequestContext one = visitor("/", "198.51.100.23", "curl");
        assertThat(keys.of(one))
                .isNotEqualTo(keys.of(visitor("/", "198.51.100.24", "curl")))
                .isNotEqualTo(keys.of(visitor("/", "198.51.100.23", "wget")))
                .isNotEqualTo(keys.of(Requests.get("/").context()));
    }

    @Test
    void anIpv6NetworkIsOneVisitor() {
        assertThat(keys.of(visitor("/", "2001:db8::1", "curl")))
                .isEqualTo(keys.of(visitor("/", "2001:db8::2", "curl")));
        assertThat(keys.of(visitor("/", "2001:db8::1", "curl")))
                .isNotEqualTo(keys.of(visitor("/", "2001:db8:0:1::1", "curl")));
    }

    @Test
    void nameAndSeedTellKeysApart() {
        RequestContext one = visitor("/", "198.51.100.23", "curl");
        assertThat(keys.of(one))
                .isNotEqualTo(new EntityKeys(SEED, 64, "other", VISITOR).of(one))
                .isNotEqualTo(new EntityKeys(new HashSeed(2, 1), 64, "ip-user-agent", VISITOR).of(one));
    }

    private static RequestContext visitor(String target, String address, String agent) {
        return Requests.get(target).from(address).with("User-Agent", agent).context();
    }
}
