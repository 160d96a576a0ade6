package com.esperr.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9110 section 12.5.3. */
class AcceptedCodingsTest {
    private static final List<String> OFFERED = List.of("zstd", "br", "gzip");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "gzip | gzip",
                "gzip, deflate, br, zstd | zstd",
                "gzip, deflate, br | br",
                "GZip | gzip",
                "x-gzip | gzip",
                "deflate | none",
                "'' | none",
                "identity | none",
                "gzip;q=0 | none",
                "gzip;q=0.000, br;q=0 | none",
                "gzip;q=1.0, br;q=0.5 | gzip",
                "gzip ; Q=0.3 , br;q=0.301 | br",
                "* | zstd",
                "*;q=0 | none",
                "*;q=0, gzip | gzip",
                "zstd;q=0, * | br",
                "identity;q=0 | none",
                "identity;q=0, gzip;q=0.1 | gzip",
                "identity;q=1, gzip;q=0.5 | none",
                "identity;q=0.5, gzip;q=0.5 | gzip",
                "identity, *;q=0 | none",
                "gzip;q=2 | none",
                "gzip;q=0.1234 | none",
                "gzip;level=9 | none",
                "gzip, gzip;q=0 | none",
                ", ,gzip,, | gzip",
            })
    void theCodingIsTheOneTheClientLikesBest(String line, String expected) {
        assertThat(AcceptedCodings.parse(List.of(line)).best(OFFERED)).isEqualTo(expected);
    }

    @Test
    void linesAreOneList() {
        assertThat(AcceptedCodings.parse(List.of("gzip;q=0.5", "br")).best(OFFERED))
                .isEqualTo("br");
    }

    @Test
    void whatIsBehindTheBoundIsNotRead() {
        assertThat(AcceptedCodings.parse(List.of("x,".repeat(100) + "gzip")).best(OFFERED))
                .isNull();
    }
}
