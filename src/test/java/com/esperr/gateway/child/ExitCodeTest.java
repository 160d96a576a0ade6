package com.esperr.gateway.child;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A program that is not there is told from one that cannot be executed, whichever Java says it. */
class ExitCodeTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Cannot run program \"/x\": error=2, No such file or directory | 127",
                "Cannot run program \"/x\": Exec failed, error: 2 (No such file or directory)  | 127",
                "Cannot run program \"/x\": error=13, Permission denied | 126",
                "Cannot run program \"/x\": Exec failed, error: 13 (Permission denied)  | 126",
                "Cannot run program \"/x\": error=20, Not a directory | 126",
                "Cannot run program \"/x\": Exec failed, error: 20 (Not a directory)  | 126",
                "Cannot run program \"/x\": Exec failed, error: 8 (Exec format error)  | 126"
            })
    void isToldByTheMessage(String message, int code) {
        assertThat(ExitCode.ofFailedStart(message)).isEqualTo(code);
    }
}
