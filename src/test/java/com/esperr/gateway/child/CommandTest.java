package com.esperr.gateway.child;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandTest {
    private static final byte[] OWN = "java\0-jar\0x\0exec\0--\0run\0a b\0\0é\0".getBytes(StandardCharsets.UTF_8);

    @Test
    void theLastArgumentsAreTakenAsTheyAre() {
        assertThat(Command.ofOwnArguments(List.of("run", "a b", "", "?"), OWN, true)
                        .words())
                .containsExactly("run", "a b", "", "é");
    }

    @Test
    void whatJavaCannotPassOnIsMadeByAShell() {
        List<String> words = Command.ofOwnArguments(List.of("run", "a b", "", "?"), OWN, false)
                .words();
        assertThat(words).hasSize(3).startsWith("/bin/sh", "-c");
        assertThat(words.get(2)).isASCII().endsWith("exec \"$a0\" \"$a1\" \"$a2\" \"$a3\"");
    }

    @Test
    void plainWordsNeedNoShellInAnyLocale() {
        byte[] own = "java\0run\0a b\0".getBytes(StandardCharsets.US_ASCII);
        assertThat(Command.ofOwnArguments(List.of("run", "a b"), own, false).words())
                .containsExactly("run", "a b");
    }

    @Test
    void withoutWhatTheSystemSaysJavasWordsAreTaken() {
        assertThat(Command.ofOwnArguments(List.of("run", "x"), new byte[0], true)
                        .words())
                .containsExactly("run", "x");
    }
}
