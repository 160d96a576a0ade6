package com.esperr.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.esperr.gateway.http.QueryParameters;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TenantsTest {
    @Test
    void whoIsAloneNeedNotBeNamed() {
        Tenants<String> one = Tenants.tenants(Map.of("shop", "s"));
        assertThat(one.of(null)).isEqualTo("s");
        assertThat(one.of("shop")).isEqualTo("s");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> one.of("blog"))
                .withMessage("tenant: blog (expected: one of shop)");
    }

    @Test
    void ofSeveralOneIsNamed() {
        Tenants<String> two = Tenants.tenants(Map.of("shop", "s", "blog", "b"));
        assertThat(two.of("blog")).isEqualTo("b");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> two.of(null))
                .withMessage("tenant: missing (expected: one of blog, shop)");
    }

    @Test
    void ofSeveralSetsTheCommonOneNeedNotBeNamed() {
        Tenants<String> sets = Tenants.sets(Map.of("default", "d", "api", "a"));
        assertThat(sets.of(null)).isEqualTo("d");
        assertThat(sets.map(String::length).of("api")).isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sets.of("web"))
                .withMessage("set: web (expected: one of api, default)");
    }

    @Test
    void theWordForSomethingElseIsNotPassedOver() {
        Tenants<String> sets = Tenants.sets(Map.of("default", "d"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sets.chosenBy(QueryParameters.parse("key=k&tenant=shop")))
                .withMessage("tenant: shop (expected: set instead, one of default)");
        assertThat(sets.chosenBy(QueryParameters.parse("set=default"))).isEqualTo("d");
        Tenants<String> one = Tenants.tenants(Map.of("shop", "s"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> one.chosenBy(QueryParameters.parse("set=api")))
                .withMessage("set: api (expected: tenant instead, one of shop)");
    }
}
