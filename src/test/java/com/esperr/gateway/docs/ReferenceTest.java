package com.esperr.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.KeyCatalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReferenceTest {
    private static final KeyCatalogue REFERENCE = KeyCatalogue.ofReference();

    private static KeyCatalogue commented() throws IOException {
        return KeyCatalogue.of(
                ConfigSource.reference("conf/gateway.conf", Files.readString(Path.of("conf/gateway.conf"))));
    }

    @Test
    void theCommentedConfigurationShowsEveryKeyWithItsDefault() throws IOException {
        assertThat(REFERENCE.differences(commented())).isEmpty();
    }

    @Test
    void theCommentedConfigurationExplainsEveryKeyAsTheReferenceDoes() throws IOException {
        assertThat(commented().entries()).containsExactlyElementsOf(REFERENCE.entries());
    }
}
