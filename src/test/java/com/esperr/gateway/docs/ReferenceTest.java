package com.esperr.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.KeyCatalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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
        List<String> different = new ArrayList<>();
        Map<String, List<String>> explained = commented().entries().stream()
                .collect(Collectors.toMap(KeyCatalogue.Entry::key, KeyCatalogue.Entry::comments));
        for (KeyCatalogue.Entry entry : REFERENCE.entries()) {
            if (!entry.comments().equals(explained.get(entry.key()))) {
                different.add(entry.key());
            }
        }
        assertThat(different).isEmpty();
    }
}
