package com.esperr.gateway.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.esperr.gateway.config.ConfigSource;
import com.esperr.gateway.config.Configurations;
import com.esperr.gateway.config.Loaded;
import com.esperr.gateway.config.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenConfigTest {
    @TempDir
    Path directory;

    private Loaded<List<ListenConfig>> read(String hocon) throws IOException {
        Path file = Files.writeString(directory.resolve("g.conf"), hocon);
        return Configurations.read(
                ConfigSource.load(file, Map.of(), Map.of("origin.url", "http://127.0.0.1:1")), ListenConfig::readAll);
    }

    private List<String> problems(String hocon) throws IOException {
        return read(hocon).problems().stream()
                .map(Problem::toString)
                .map(text -> text.replaceAll("^\\S+ ", ""))
                .toList();
    }

    @Test
    void oneListenerIsTheDefault() throws IOException {
        assertThat(read("").value()).singleElement().satisfies(listen -> {
            assertThat(listen.key()).isEqualTo("listen");
            assertThat(listen.address()).hasToString("127.0.0.1:8080");
            assertThat(listen.tls()).isNull();
        });
    }

    @Test
    void furtherOnesHaveTheirOwnKeysAndTheDefaultsOfTheReference() throws IOException {
        Loaded<List<ListenConfig>> read = read("""
                listen { address = "127.0.0.1:443", backlog = 7, proxy-protocol { mode = required, from = [loopback] } }
                listeners = [
                  { address = ":80" }
                  { address = "unix:/run/esper.sock", socket-mode = 600, backlog = 9 }
                  { address = "127.0.0.1:444", proxy-protocol = ${listen.proxy-protocol} }
                ]
                """);
        assertThat(read.problems()).isEmpty();
        List<ListenConfig> all = read.value();
        assertThat(all)
                .extracting(ListenConfig::key)
                .containsExactly("listen", "listeners[0]", "listeners[1]", "listeners[2]");
        assertThat(all).extracting(ListenConfig::backlog).containsExactly(7, 1024, 9, 1024);
        assertThat(all)
                .extracting(listen -> listen.proxyProtocol().mode().label())
                .containsExactly("required", "off", "off", "required");
        assertThat(all.get(1).address()).hasToString("*:80");
        assertThat(all.get(2).address()).isEqualTo(new ListenAddress.Unix(Path.of("/run/esper.sock")));
        assertThat(PosixFilePermissions.toString(all.get(2).mode().permissions()))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(all.get(1).mode().permissions()))
                .isEqualTo("rw-rw----");
    }

    @Test
    void whatIsWrongIsNamedWhereItStands() throws IOException {
        assertThat(problems("listeners = [ {} ]"))
                .singleElement()
                .asString()
                .contains("listeners[0].address: missing (expected: HOST:PORT or unix:/PATH)");
        assertThat(problems("listeners = [ { address = \":80\", backlogg = 1 } ]"))
                .singleElement()
                .asString()
                .contains("listeners[0].backlogg");
        assertThat(problems("listeners = [ { address = \":80\", proxy-protocol { mode = maybe } } ]"))
                .singleElement()
                .asString()
                .contains("listeners[0].proxy-protocol.mode: maybe (expected: one of off, optional, required)");
        assertThat(problems("listen.proxy-protocol.mode = required"))
                .singleElement()
                .asString()
                .contains("listen.proxy-protocol.mode: required (expected: off, or in from those whose header counts)");
        assertThat(problems("listen.address = \"127.0.0.1:80\", listeners = [ { address = \"127.0.0.1:80\" } ]"))
                .singleElement()
                .asString()
                .contains("listeners[0].address: 127.0.0.1:80 (expected: an address that no other listener has)");
        assertThat(problems("listen.address = \"127.0.0.1:0\", listeners = [ { address = \"127.0.0.1:0\" } ]"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix:", "unix:run/esper.sock", "unix:./x", "127.0.0.1", "unix:/" + LONG})
    void noAddress(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> ListenAddress.parse(text));
    }

    private static final String LONG =
            "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890"
                    + "123456789012345";

    @ParameterizedTest
    @ValueSource(strings = {"", "66", "888", "rw-", "444", "077", "6600", "1660", "-60"})
    void noMode(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> SocketMode.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"600", "0660", "666", "777", "640"})
    void modes(String text) {
        assertThat(SocketMode.parse(text).permissions()).isNotEmpty();
    }
}
