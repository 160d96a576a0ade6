package com.esperr.gateway.docs;

import com.esperr.gateway.testkit.TestOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Does what {@code docs/rollout.md} says, against the packaged jar. */
class RolloutPageIT {
    private final TestOrigin application = TestOrigin.start();

    @TempDir
    private Path directory;

    @AfterEach
    void stop() {
        application.close();
    }

    @Test
    void itsCommandsDoWhatItSays() throws IOException, InterruptedException {
        try (PageReader reader = new PageReader(directory, application.port())) {
            reader.follow("docs/rollout.md", Files.readString(Path.of("docs/rollout.md")));
        }
    }
}
