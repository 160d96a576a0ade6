package com.esperr.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What a start reads without picocli means what picocli would read. */
class PlainRunTest {
    @Command
    private static final class Bare {
        @Mixin
        private ConfigOptions options = new ConfigOptions();
    }

    private static ConfigOptions byPicocli(String... arguments) {
        Bare bare = new Bare();
        new CommandLine(bare).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
        return bare.options;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--origin=http://127.0.0.1:3000",
                "--origin http://127.0.0.1:3000 --listen 127.0.0.1:0",
                "--origin=",
                "-c conf/gateway.conf --mode hybrid",
                "--config=conf/gateway.conf --admin=127.0.0.1:0",
                "--set=log.access=off --set limits.body=10MiB --set=challenge.pass.key-file=",
                "--set=a=@b --set=b=-c --set=c=\"quoted\" --set=d='e' --set=f=a=b --set=g=,",
                "--origin=@x --listen=-1"
            })
    void whatItTakesIsReadAsPicocliReadsIt(String line) {
        String[] arguments = line.isEmpty() ? new String[0] : line.split(" ");
        assertThat(ConfigOptions.plain(List.of(arguments)))
                .usingRecursiveComparison()
                .isEqualTo(byPicocli(arguments));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "-h",
                "--version",
                "--origins=http://127.0.0.1",
                "--origin",
                "--origin --listen=127.0.0.1:0",
                "--origin=http://a --origin=http://b",
                "--config=",
                "--set=noValue",
                "--set==x",
                "--set=a=b --set=a=c",
                "-c=conf/gateway.conf",
                "-cconf/gateway.conf",
                "@arguments",
                "--origin @arguments",
                "--",
                "extra"
            })
    void anythingElseIsLeftToPicocli(String line) {
        assertThat(ConfigOptions.plain(List.of(line.split(" ")))).isNull();
    }

    @Test
    void otherCommandsAreLeftToPicocli() {
        assertThat(PlainRun.execute()).isEmpty();
        assertThat(PlainRun.execute("--version")).isEmpty();
        assertThat(PlainRun.execute("check", "--origin=http://127.0.0.1:3000")).isEmpty();
        assertThat(PlainRun.execute("run", "--help")).isEmpty();
    }
}
