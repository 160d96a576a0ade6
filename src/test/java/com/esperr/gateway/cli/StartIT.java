package com.esperr.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.GatewayProcess;
import com.esperr.gateway.testkit.RawClient;
import com.esperr.gateway.testkit.TestOrigin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run} as a process, at its start: what it says, and how it ends when it cannot. */
class StartIT {
    private static final String ORIGIN = "--origin=http://127.0.0.1:3000";
    private static final String LISTEN = "--listen=127.0.0.1:0";
    private static final String ADMIN = "--admin=127.0.0.1:0";
    private static final String FORWARDED = "GET / HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n";

    @TempDir
    private Path directory;

    private static GatewayProcess failed(int code, String... arguments) {
        try (GatewayProcess gateway = GatewayProcess.start(arguments)) {
            assertThat(gateway.awaitExit()).as(gateway.lines().toString()).isEqualTo(code);
            assertThat(gateway.lines()).noneMatch(line -> line.contains("Exception") || line.startsWith("\tat "));
            return gateway;
        }
    }

    @Test
    void oneLineSaysWhatIsInForce() {
        try (GatewayProcess gateway = GatewayProcess.start(
                List.of(),
                Map.of("ESPER_LIMITS_BODI", "1"),
                "run",
                ORIGIN,
                LISTEN,
                ADMIN,
                "--set=policies.path=conf/policies/demo.conf",
                "--set=failure.sensitive.timeout=open")) {
            String banner = "esper-gateway \\S+: listening on 127\\.0\\.0\\.1:" + gateway.port()
                    + ", origin http://127\\.0\\.0\\.1:3000, mode local, without a decision normal open"
                    + " \\(challenge-unusable closed\\), sensitive closed \\(timeout open\\), 3 policies"
                    + " \\([0-9a-f]{12}\\), operator port " + gateway.adminPort();
            gateway.awaitLine(line -> line.matches(banner));
            gateway.awaitLine(line -> line.startsWith("warning: failure.sensitive has a cell open: "));
            gateway.awaitLine(line -> line.equals("warning: environment ESPER_LIMITS_BODI: unknown variable, ignored"
                    + " (did you mean ESPER_LIMITS_BODY?)"));
            gateway.awaitLine(line -> line.matches("overload +open +closed *"));
        }
    }

    @Test
    void aPortThatIsTakenIsNamedWithItsKey() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            assertThat(failed(1, "run", ORIGIN, "--listen", address, ADMIN).lines())
                    .singleElement()
                    .asString()
                    .startsWith("listen.address: " + address + " cannot be bound: ")
                    .contains("in use")
                    .endsWith("(expected: a free address of this machine)");
            assertThat(failed(1, "run", ORIGIN, LISTEN, "--admin", address).lines())
                    .singleElement()
                    .asString()
                    .startsWith("admin.address: " + address + " cannot be bound: ")
                    .contains("in use");
        }
    }

    @Test
    void everythingWrongIsSaidAtOnce() {
        assertThat(failed(2, "run", "--listen=nowhere", "--mode=clowd", "--set=policies.path=no/such.conf")
                        .lines())
                .containsExactlyInAnyOrder(
                        "option --listen: listen.address: nowhere (expected: HOST:PORT or unix:/PATH)",
                        "option --mode: mode: clowd (expected: one of local, cloud, hybrid, monitor)",
                        "option policies.path: policies.path: no/such.conf: no such file (expected: a readable HOCON file)",
                        originMissing());
    }

    private static String originMissing() {
        return Ran.command("check").err().get(0);
    }

    @Test
    void anAccessLogThatCannotBeWrittenIsNamedWithItsKey() {
        String file = directory.resolve("no/such/access.log").toString();
        assertThat(failed(1, "run", ORIGIN, LISTEN, ADMIN, "--set=log.access=" + file)
                        .lines())
                .singleElement()
                .asString()
                .startsWith("log.access: " + file)
                .endsWith("(expected: a file that can be written)");
    }

    @Test
    void aDemoWhosePortIsTakenFailsLikeARun() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            assertThat(failed(1, "demo", "--listen", address, ADMIN).lines())
                    .singleElement()
                    .asString()
                    .startsWith("listen.address: " + address + " cannot be bound: ");
        }
    }

    @Test
    void saysOnceThatForwardingHeadersComeFromNobodyTrusted() {
        assertThat(warningsAboutProxies()).singleElement().asString().contains("WARN", "X-Forwarded-For", "127.0.0.1");
    }

    @Test
    void saysNothingWhenTheProxyIsTrusted() {
        assertThat(warningsAboutProxies("--set=client.trusted-proxies=loopback"))
                .isEmpty();
    }

    private static List<String> warningsAboutProxies(String... settings) {
        String[] arguments = new String[4 + settings.length];
        System.arraycopy(settings, 0, arguments, 4, settings.length);
        try (TestOrigin origin = TestOrigin.start()) {
            System.arraycopy(new String[] {"run", "--origin=" + origin.url(), LISTEN, ADMIN}, 0, arguments, 0, 4);
            try (GatewayProcess gateway = GatewayProcess.start(arguments)) {
                for (int i = 0; i < 3; i++) {
                    assertThat(RawClient.exchange(gateway.port(), FORWARDED).status())
                            .isEqualTo(200);
                }
                assertThat(gateway.terminate().awaitExit()).isZero();
                return gateway.lines().stream()
                        .filter(line -> line.contains("client.trusted-proxies"))
                        .toList();
            }
        }
    }
}
