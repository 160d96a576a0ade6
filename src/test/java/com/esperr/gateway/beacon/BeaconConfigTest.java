package com.esperr.gateway.beacon;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.config.Problem;
import com.esperr.gateway.esper.Treatment;
import com.esperr.gateway.request.Requests;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BeaconConfigTest {
    private static List<String> problems(String hocon) {
        return Configured.load(hocon).problems().stream().map(Problem::toString).toList();
    }

    @Test
    void itIsOffUnlessSwitchedOn() {
        assertThat(Configured.load("").value().mode()).isEqualTo(BeaconMode.OFF);
    }

    @Test
    void eventsNeedATenant() {
        assertThat(problems("beacon.mode = on")).singleElement().asString().contains("esper.tenant-id");
        assertThat(problems("beacon.mode = dry-run")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "request_header[authorization]",
                "request_header[Cookie] | truncate:3",
                "request_header[x-esper-api-key]",
                "request_header[proxy-authorization] | as-is",
                "cookie[esper_challenge] | as-is",
                "cookie[esper_challenge] | truncate:9",
                "cookie[a] | encrypt",
                "cookie",
                "request_path | truncate:0"
            })
    void badFieldsAreNamed(String field) {
        assertThat(problems("beacon.fields { a = \"" + field + "\" }"))
                .singleElement()
                .asString()
                .contains("beacon.fields");
    }

    @Test
    void onlyWhatIsSentIsSpooled() {
        assertThat(Configured.of("").spooled()).isNotNull();
        assertThat(Configured.of("mode = dry-run").spooled()).isNull();
        assertThat(Configured.of("mode = off").spooled()).isNull();
    }

    @Test
    void aCredentialMayBeHashed() {
        assertThat(
                        problems(
                                "beacon.fields { a = \"request_header[authorization] | hash\", b = \"cookie[esper_challenge]\" }"))
                .isEmpty();
    }

    @Test
    void aNameMayHoldTheSignBeforeTheTreatment() {
        assertThat(EventField.parse("a", "query_param[x|drop]").treatment()).isEqualTo(Treatment.AS_IS);
        assertThat(EventField.parse("a", "query_param[x|drop] | hash").treatment())
                .isEqualTo(Treatment.HASH);
    }

    @Test
    void routesAndFilterChoose() {
        EventChoice choice = Configured.of("""
                        routes { only = [ "/api/**" ], except = [ "/api/{version}/health" ] }
                        filter = "{ field = request_method, operator = equals, value = GET }"
                        """).choice();
        assertThat(choice.accepts(Requests.get("/api/v1/items").context())).isTrue();
        assertThat(choice.accepts(Requests.get("/api/v1/health").context())).isFalse();
        assertThat(choice.accepts(Requests.get("/static/a.css").context())).isFalse();
        assertThat(choice.accepts(Requests.hostless("POST", "/api/v1/items").context()))
                .isFalse();
    }

    @Test
    void aBadFilterIsAProblem() {
        assertThat(problems("beacon.filter = \"{ field = nonsense }\"")).hasSize(1);
        assertThat(problems("beacon.filter = \"{ field \"")).hasSize(1);
    }

    @Test
    void aSampleIsAShareOfRequests() {
        EventChoice choice = Configured.of("sample = 0.25").choice();
        long accepted = IntStream.range(0, 4000)
                .filter(i -> choice.accepts(Requests.get("/").context()))
                .count();
        assertThat(accepted).isBetween(850L, 1150L);
        assertThat(Configured.of("sample = 0")
                        .choice()
                        .accepts(Requests.get("/").context()))
                .isFalse();
    }
}
