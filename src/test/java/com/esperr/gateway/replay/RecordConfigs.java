package com.esperr.gateway.replay;

import com.esperr.gateway.esper.Treatment;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Configurations of recordings for tests. */
final class RecordConfigs {
    private RecordConfigs() {}

    static RecordConfig of(Path file, String clientIp, String... fields) {
        return new RecordConfig(
                file,
                1 << 20,
                2,
                64,
                Treatment.AS_IS,
                Treatment.parse(clientIp),
                Treatment.AS_IS,
                Stream.of(fields).map(RecordedField::parse).toList(),
                "secret");
    }
}
