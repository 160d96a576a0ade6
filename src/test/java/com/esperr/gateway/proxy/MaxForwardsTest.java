package com.esperr.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.HttpVersion;
import com.esperr.gateway.http.RequestHead;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaxForwardsTest {
    private static RequestHead head(String method, String value) {
        Fields fields = Fields.builder(1).add("Max-Forwards", value).build();
        return new RequestHead(method, "*", HttpVersion.HTTP_1_1, fields, BodyLength.NONE, true, false);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "00, 0", "1, 1", "007, 7", "999999999, 999999999"})
    void anOptionsRequestCounts(String value, int left) {
        assertThat(MaxForwards.left(head("OPTIONS", value))).isEqualTo(left);
        assertThat(MaxForwards.counts(head("OPTIONS", value))).isEqualTo(left > 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "+1", "1.0", "0x1", "1 1", "one", "1000000000", "99999999999999999999"})
    void whatIsNoNumberPassesUncounted(String value) {
        assertThat(MaxForwards.left(head("OPTIONS", value))).isNotZero();
        assertThat(MaxForwards.counts(head("OPTIONS", value))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "HEAD", "options", "TRACE"})
    void otherMethodsDoNotCount(String method) {
        assertThat(MaxForwards.left(head(method, "0"))).isNotZero();
        assertThat(MaxForwards.counts(head(method, "5"))).isFalse();
    }
}
