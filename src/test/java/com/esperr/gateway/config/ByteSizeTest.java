package com.esperr.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "65536, 65536",
        "64 KiB, 65536",
        "64KiB, 65536",
        "64K, 65536",
        "64k, 65536",
        "64 Ki, 65536",
        "64 kibibytes, 65536",
        "64 kB, 64000",
        "64 kilobytes, 64000",
        "1 MB, 1000000",
        "1 MiB, 1048576",
        "1m, 1048576",
        "1.5 KiB, 1536",
        "2 GiB, 2147483648",
        "7 EiB, 8070450532247928832",
        "9223372036854775807, 9223372036854775807",
        "12 bytes, 12",
        "-1, -1",
    })
    void readsWhatHoconWrites(String text, long bytes) {
        assertThat(ByteSize.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "KiB",
                "64 KB",
                "64 Kib",
                "64 parsecs",
                "0.3 B",
                "1.0001 KiB",
                "1e3",
                "1 2",
                "0x10",
                "8 EiB",
                "9223372036854775808",
                "99999999999999999999999999",
                "1.",
                ".5 KiB",
                "NaN",
                "64 KiB,",
            })
    void refusesWhatIsNoWholeNumberOfBytes(String text) {
        assertThatThrownBy(() -> ByteSize.parse(text)).isInstanceOf(RuntimeException.class);
    }

    @ParameterizedTest
    @CsvSource({"0, 0 B", "1, 1 B", "1000, 1000 B", "1024, 1 KiB", "1536, 1536 B", "1048576, 1 MiB", "3221225472, 3 GiB"
    })
    void printsTheLargestUnitThatIsExact(long bytes, String text) {
        assertThat(ByteSize.format(bytes)).isEqualTo(text);
    }
}
