package com.esperr.gateway.authz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The files for the proxies that cannot be run here say what the gateway relies on. */
class SnippetsTest {
    private static JsonNode yaml(String file) {
        try {
            return new YAMLMapper().readTree(Files.readString(Path.of("docker", file)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void traefikReplacesWhatVisitorsSayAndCopiesWhatWeSay() {
        JsonNode http = yaml("traefik/dynamic.yaml").path("http");
        JsonNode asked = http.at("/middlewares/esper/forwardAuth");
        assertThat(asked.path("address").asString()).endsWith(AuthzConfig.OFF.path());
        assertThat(asked.path("trustForwardHeader").asBoolean(true)).isFalse();
        assertThat(asked.path("authResponseHeaders").toString())
                .contains("Esper-Reference", "Esper-Decision", "Esper-Attestation");
        assertThat(http.at("/routers/application/middlewares/0").asString()).isEqualTo("esper");
        assertThat(http.at("/routers/esper-pages/rule").asString()).contains("/.well-known/esper/");
        assertThat(http.at("/routers/esper-pages/middlewares").isMissingNode()).isTrue();
    }

    @Test
    void envoyAsksOverGrpcInHttp2AndFailsClosed() {
        JsonNode resources = yaml("envoy/envoy.yaml").path("static_resources");
        JsonNode connections = resources.at("/listeners/0/filter_chains/0/filters/0/typed_config");
        assertThat(connections.path("use_remote_address").asBoolean(false)).isTrue();
        assertThat(connections
                        .at("/common_http_protocol_options/headers_with_underscores_action")
                        .asString())
                .isEqualTo("DROP_HEADER");
        JsonNode filter = connections.at("/http_filters/0/typed_config");
        assertThat(filter.path("transport_api_version").asString()).isEqualTo("V3");
        assertThat(filter.path("failure_mode_allow").asBoolean(true)).isFalse();
        String cluster = filter.at("/grpc_service/envoy_grpc/cluster_name").asString();
        JsonNode asked = resources.at("/clusters/0");
        assertThat(asked.path("name").asString()).isEqualTo(cluster);
        assertThat(asked.toString()).contains("http2_protocol_options");
        JsonNode pages = connections.at("/route_config/virtual_hosts/0/routes/0");
        assertThat(pages.at("/match/prefix").asString()).isEqualTo("/.well-known/esper/");
        assertThat(pages.toString()).contains("\"disabled\":true");
    }

    @Test
    void envoyAsksOverHttpWithAllThatMayMatter() {
        JsonNode filter = yaml("envoy/ext_authz-http.yaml").path("typed_config");
        assertThat(filter.at("/http_service/path_prefix").asString()).isEqualTo(AuthzConfig.OFF.path());
        assertThat(filter.at("/allowed_headers/patterns/0/safe_regex/regex").asString())
                .isEqualTo(".*");
        assertThat(filter.at("/http_service/authorization_response/allowed_client_headers/patterns/0/safe_regex/regex")
                        .asString())
                .isEqualTo(".*");
        assertThat(filter.path("failure_mode_allow").asBoolean(true)).isFalse();
    }
}
