package com.esperr.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RetryBudgetTest {
    private static RetryBudget budget(String share, String reserve) {
        return new RetryBudget(Setting.of("http://a", "retry.budget", share, "retry.reserve", reserve)
                .retry());
    }

    @Test
    void retriesAreAShareOfTheRequestsAndTheReserve() {
        RetryBudget budget = budget("0.2", "10");
        int taken = 0;
        for (int i = 0; i < 1000; i++) {
            budget.request();
            taken += budget.take() ? 1 : 0;
        }
        assertThat(taken).isBetween(199, 210);
    }

    @Test
    void whatIsNotUsedIsNotSavedUp() {
        RetryBudget budget = budget("0.5", "3");
        for (int i = 0; i < 1000; i++) {
            budget.request();
        }
        int taken = 0;
        while (budget.take()) {
            taken++;
        }
        assertThat(taken).isEqualTo(3);
    }

    @Test
    void nothingIsNothing() {
        RetryBudget budget = budget("0", "0");
        budget.request();
        assertThat(budget.take()).isFalse();
    }
}
