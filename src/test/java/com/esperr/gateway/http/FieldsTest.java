package com.esperr.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FieldsTest {
    private static final Fields SEVERAL = Fields.builder(1)
            .add("Host", "shop.test")
            .add("X-Own", "one")
            .add("Cookie", "")
            .build();

    @Test
    void linesThatAreTakenOverTogetherStandThereAsThoseThatAreAddedOneByOne() {
        Fields together = Fields.builder(1)
                .add("Accept", "*/*")
                .addAll(SEVERAL)
                .addAll(Fields.EMPTY)
                .add("X-Last", "two")
                .build();
        Fields oneByOne = Fields.builder(5)
                .add("Accept", "*/*")
                .add("Host", "shop.test")
                .add("X-Own", "one")
                .add("Cookie", "")
                .add("X-Last", "two")
                .build();

        assertThat(together).hasToString(oneByOne.toString());
        assertThat(together.length()).isEqualTo(oneByOne.toString().length());
        for (int i = 0; i < oneByOne.size(); i++) {
            assertThat(together.name(i)).isEqualTo(oneByOne.name(i));
            assertThat(together.value(i)).isEqualTo(oneByOne.value(i));
            assertThat(together.known(i)).isEqualTo(oneByOne.known(i));
            assertThat(together.lineEnd(i)).isEqualTo(oneByOne.lineEnd(i));
        }
    }

    @Test
    void linesAreTakenOutOfTheMiddleOfABlockWithoutWhatStandsAroundThem() {
        byte[] block = "GET / HTTP/1.1\r\nHost: a.test\r\nX-Own: b\r\n\r\nbody".getBytes(StandardCharsets.US_ASCII);
        Fields received =
                Fields.builder(2).add("Via", "1.1 edge").addAll(inside(block)).build();

        assertThat(received).hasToString("Via: 1.1 edge\r\nHost: a.test\r\nX-Own: b\r\n");
        assertThat(received.get(FieldName.HOST)).isEqualTo("a.test");
        assertThat(received.get("x-own")).isEqualTo("b");
    }

    private static Fields inside(byte[] block) {
        Fields.Builder builder = Fields.builder(2);
        builder.line(block, 16, 20, 22, 28);
        builder.line(block, 30, 35, 37, 38);
        return builder.build(block, 40);
    }

    @Test
    void eachKnownNameIsFoundWhereItIsAndNowhereElse() {
        for (FieldName name : FieldName.values()) {
            byte[] block = (name.text() + ": v\r\n").getBytes(StandardCharsets.US_ASCII);
            Fields.Builder read = Fields.builder(1);
            int end = name.text().length();
            read.line(block, 0, end, end + 2, end + 3);
            Fields added = Fields.builder(2).add("X-Own", "1").add(name, "v").build();
            Fields[] all = {
                read.build(block),
                added,
                Fields.builder(1).addAll(added).build(),
                Fields.builder(1).copy(added, 1).build(),
                added.with("x-own", "2"),
                added.in(added.block().clone())
            };
            for (Fields fields : all) {
                for (FieldName asked : FieldName.values()) {
                    assertThat(fields.get(asked)).isEqualTo(asked == name ? "v" : null);
                    assertThat(fields.contains(asked)).isEqualTo(asked == name);
                }
            }
        }
    }

    @Test
    void noLinesAreOfNoLength() {
        assertThat(Fields.EMPTY.length()).isZero();
    }
}
