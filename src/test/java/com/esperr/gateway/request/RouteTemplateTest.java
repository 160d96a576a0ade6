package com.esperr.gateway.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTemplateTest {
    @ParameterizedTest
    @CsvSource({
        "/,             /",
        "/login,        /login",
        "/login/,       /login/",
        "/**,           /",
        "/**,           /any/thing",
        "/api/**,       /api",
        "/api/**,       /api/",
        "/api/**,       /api/a/b",
        "/a/{x},        /a/b",
        "/{x},          /b",
        "/a/{x}/c,      /a/b/c",
        "/a/{x}/**,     /a/b",
        "/a/{x}/**,     /a/b/",
        "/a/{x}/**,     /a/b/c/d",
        "/{x}/{y},      /a/b",
        "/a/{x}/,       /a/b/"
    })
    void matches(String template, String path) {
        assertThat(RouteTemplate.parse(template).match(path)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "/,             /a",
        "/login,        /login/",
        "/login,        /logins",
        "/login,        /Login",
        "/login,        /",
        "/login/,       /login",
        "/api/**,       /apis",
        "/api/**,       /ap",
        "/a/{x},        /a",
        "/a/{x},        /a/",
        "/a/{x},        /a/b/c",
        "/a/{x},        /b/c",
        "/a/{x}/c,      /a/b/d",
        "/a/{x}/c,      /a/b",
        "/a/{x}/**,     /a/",
        "/{x},          /",
        "/{x},          *",
        "/**,           *"
    })
    void doesNotMatch(String template, String path) {
        assertThat(RouteTemplate.parse(template).match(path)).isNull();
    }

    @Test
    void segmentsAreCaptured() {
        assertThat(RouteTemplate.parse("/shop/{shop}/item/{item}/**").match("/shop/a b/item/7/x"))
                .isEqualTo(Map.of("shop", "a b", "item", "7"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "login",
                "/a/{}",
                "/{x}/{x}",
                "/a{x}",
                "/{x}b",
                "/{x",
                "/x}",
                "/a/*",
                "/**/a",
                "/a**",
                "/*/b",
                "**"
            })
    void whatIsNoTemplateIsRefused(String text) {
        assertThatThrownBy(() -> RouteTemplate.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
