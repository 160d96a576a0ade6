package com.esperr.gateway.docs;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esperr.gateway.testkit.TestOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Does what the pages of {@code docs} tell a reader to do, in his order, against the packaged jar; only the ports are others. */
class PagesIT {
    private final TestOrigin application = TestOrigin.start();

    @TempDir
    private Path directory;

    @AfterEach
    void stop() {
        application.close();
    }

    static Stream<Path> pages() {
        Path sample = Path.of("src/test/resources/docs/sample.md");
        return Stream.concat(Stream.of(sample), Page.files().stream().filter(page -> !PageSteps.isTestedAlone(page)));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void thePageDoesWhatItSays(Path page) throws IOException, InterruptedException {
        follow(page.toString(), Files.readString(page));
    }

    @ParameterizedTest
    @ValueSource(strings = {"```sh\nfalse\n```", "```sh\necho one\n```\n\n```text\ntwo\n```"})
    void aCommandThatFailsOrPrintsSomethingElseIsNoticed(String text) {
        assertThatThrownBy(() -> follow("page", text)).isInstanceOf(AssertionError.class);
    }

    @Test
    void whatIsForOtherMachinesIsNotRun() throws IOException, InterruptedException {
        follow("page", "```console\nfalse\n```\n");
    }

    private void follow(String name, String text) throws IOException, InterruptedException {
        try (PageReader reader = new PageReader(directory, application.port())) {
            reader.follow(name, text);
        }
    }
}
