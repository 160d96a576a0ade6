package com.esperr.gateway.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.Configurations;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoutesTest {
    private static Routes routes(String text) {
        ConfigSource source =
                ConfigSource.load(null, Map.of(), Map.of()).withReference(ConfigSource.reference("routes.conf", text));
        return Configurations.read(source, Routes::read).value();
    }

    @Test
    void theFirstThatMatchesCounts() {
        Routes routes = routes("routes = [ { path = \"/a/b\", tier = exempt }, { path = \"/a/**\", tier = sensitive },"
                + " { path = \"/**\", tier = normal } ]");
        assertThat(routes.match("GET", "/a/b").route().tier()).isEqualTo(Tier.EXEMPT);
        assertThat(routes.match("GET", "/a/c").route().tier()).isEqualTo(Tier.SENSITIVE);
        assertThat(routes.match("GET", "/c").route().tier()).isEqualTo(Tier.NORMAL);
        assertThat(routes.all()).hasSize(3);
    }

    @Test
    void aRouteMayBeForSomeMethodsOnly() {
        Routes routes = routes("routes = [ { path = \"/login\", methods = [POST, PUT], tier = sensitive } ]");
        assertThat(routes.match("POST", "/login").route().path()).isEqualTo("/login");
        assertThat(routes.match("GET", "/login").route()).isEqualTo(Route.ORDINARY);
        assertThat(routes.match("post", "/login").route()).isEqualTo(Route.ORDINARY);
    }

    @Test
    void whatNoRouteMatchesIsOrdinary() {
        assertThat(Routes.NONE.match("GET", "/a").route()).isEqualTo(Route.ORDINARY);
        assertThat(routes("routes = []").match("OPTIONS", "*").route()).isEqualTo(Route.ORDINARY);
    }

    @Test
    void theTemplateCaptures() {
        Routes routes = routes("routes = [ { path = \"/account/{id}/**\", tier = sensitive } ]");
        assertThat(routes.match("GET", "/account/7/mail").parameters()).containsExactly(Map.entry("id", "7"));
    }
}
