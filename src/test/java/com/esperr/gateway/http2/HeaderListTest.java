package com.esperr.gateway.http2;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.http.FieldName;
import io.netty.util.AsciiString;
import org.junit.jupiter.api.Test;

class HeaderListTest {

    @Test
    void fieldsStayInTheirOrderHoweverManyThereAre() {
        for (int expected : new int[] {0, 1, 8}) {
            HeaderList list = new HeaderList(expected);
            assertThat(list.isEmpty()).isTrue();
            for (int i = 0; i < 100; i++) {
                list.add(i % 2 == 0 ? "cookie" : "x-" + i, "v" + i);
            }
            assertThat(list.size()).isEqualTo(100);
            for (int i = 0; i < 100; i++) {
                assertThat(list.name(i).toString()).isEqualTo(i % 2 == 0 ? "cookie" : "x-" + i);
                assertThat(list.value(i).toString()).isEqualTo("v" + i);
                assertThat(list.known(i)).isEqualTo(i % 2 == 0 ? FieldName.COOKIE : null);
            }
        }
    }

    @Test
    void whatIsDroppedLeavesTheOthersAsTheyWere() {
        HeaderList list = list("x", "1", "host", "a", "x", "2", "te", "b", "x", "3");
        list.drop(AsciiString.of("x"));
        assertThat(list).isEqualTo(list("host", "a", "te", "b")).hasSameHashCodeAs(list("host", "a", "te", "b"));
        assertThat(list).isNotEqualTo(list("host", "a")).hasToString("HeaderList[host, a, te, b]");
        assertThat(list.known(0)).isEqualTo(FieldName.HOST);
        assertThat(list.known(1)).isEqualTo(FieldName.TE);
    }

    @Test
    void aStatusComesFirst() {
        assertThat(list(":status", "103", "x", "1").status()).hasToString("103");
        assertThat(list("x", "1", ":status", "103").status()).isNull();
        assertThat(list().status()).isNull();
    }

    private static HeaderList list(String... namesAndValues) {
        HeaderList list = new HeaderList(1);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            list.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return list;
    }
}
