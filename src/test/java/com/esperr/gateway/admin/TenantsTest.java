package com.esperr.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TenantsTest {
    @Test
    void whoIsAloneNeedNotBeNamed() {
        Tenants<String> one = new Tenants<>(Map.of("shop", "s"));
        assertThat(one.of(null)).isEqualTo("s");
        assertThat(one.of("shop")).isEqualTo("s");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> one.of("blog"))
                .withMessage("tenant: blog (expected: one of shop)");
    }

    @Test
    void ofSeveralOneIsNamed() {
        Tenants<String> two = new Tenants<>(Map.of("shop", "s", "blog", "b"));
        assertThat(two.of("blog")).isEqualTo("b");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> two.of(null))
                .withMessage("tenant: missing (expected: one of blog, shop)");
    }
}
