package com.esperr.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CheckCommandTest {
    private static final String ORIGIN = "--origin=http://127.0.0.1:3000";

    @TempDir
    private Path directory;

    private static final String DEMO = "--set=policies.path=conf/policies/demo.conf";

    @Test
    void countsAndHashesThePolicies() {
        Ran ran = Ran.command("check", ORIGIN, "--set", "policies.path=conf/policies/demo.conf");
        assertThat(ran.out())
                .singleElement()
                .asString()
                .matches(
                        "ok: mode local, listening on 127\\.0\\.0\\.1:8080, 3 policies \\([0-9a-f]{12}\\), 3 tests passed");
        assertThat(ran.err()).isEmpty();
        assertThat(ran.code()).isZero();
    }

    @Test
    void checksWhatTheServiceWouldRun() throws IOException {
        Path keys = Files.createFile(directory.resolve("keys.jsonl"));
        Path policies = Files.writeString(directory.resolve("p.conf"), """
                policies = [ { policy_id = p, clauses = [ { mitigation = block } ] } ]
                tests = [ { name = all, request { path = / }, expect { action = block } } ]
                """);
        Path file = Files.writeString(
                directory.resolve("server.conf"),
                "server { keys-file = \"%s\", tenants = [ { tenant_id = shop, policies = [\"%s\"], return-hosts = [shop.test] } ] }"
                        .formatted(keys, policies));
        String[] command = {"check", "--server", "--config", file.toString()};
        Ran sound = Ran.command(command);
        assertThat(sound.err()).isEmpty();
        assertThat(sound.out())
                .singleElement()
                .asString()
                .matches("ok: server, tenant shop with 1 policies, hash [0-9a-f]{12}, 1 test passed");
        assertThat(sound.code()).isZero();

        Files.writeString(policies, Files.readString(policies).replace("action = block", "action = allow"));
        Ran failing = Ran.command(command);
        assertThat(failing.err()).singleElement().asString().contains("tests[0]", "(expected: allow)");
        assertThat(failing.code()).isEqualTo(2);
        assertThat(Ran.command("check", "--server").err())
                .anyMatch(line -> line.contains("server.tenants"))
                .anyMatch(line -> line.contains("server.keys-file"));
    }

    @Test
    void takesTheOptionsIntoAccount() {
        Ran ran = Ran.command("check", ORIGIN, "--mode", "clowd", "--listen", "nowhere", "--set", "limits.bodi=1");
        assertThat(ran.err())
                .containsExactly(
                        "option --listen: listen.address: nowhere (expected: HOST:PORT or unix:/PATH)",
                        "option --mode: mode: clowd (expected: one of local, cloud, hybrid, monitor)",
                        "option limits.bodi: limits.bodi: unknown key (did you mean limits.body?)");
        assertThat(ran.code()).isEqualTo(2);
    }

    @Test
    void warnsAboutWhatIsDangerousAndStillAnswersZero() {
        Ran ran = Ran.command("check", ORIGIN, DEMO, "--admin=0.0.0.0:9901", "--set=failure.sensitive.timeout=open");
        assertThat(ran.err())
                .hasSize(2)
                .anyMatch(line -> line.startsWith("warning: failure.sensitive has a cell open: "))
                .anyMatch(line ->
                        line.startsWith("warning: admin.address: 0.0.0.0:9901 can be reached from other machines"));
        assertThat(ran.code()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:9901", "[::1]:9901", "localhost:9901", ""})
    void isQuietAboutAnOperatorPortThatOnlyThisMachineReaches(String address) {
        assertThat(Ran.command("check", ORIGIN, DEMO, "--admin=" + address).err())
                .isEmpty();
    }

    @Test
    void warnsThatEverythingIsForwardedWhereThereAreNoPolicies() {
        assertThat(Ran.command("check", ORIGIN).err()).containsExactly("warning: " + Banner.NO_POLICIES);
        assertThat(Ran.command("check", ORIGIN, "--mode=cloud", "--set=esper.api-key=k")
                        .err())
                .isEmpty();
    }

    @Test
    void saysAllThatCouldNotBeWrittenAndWritesNothing() throws IOException {
        Path nowhere = directory.resolve("nowhere");
        Path inTheWay = Files.createFile(directory.resolve("in-the-way"));
        Ran ran = Ran.command(
                "check",
                ORIGIN,
                DEMO,
                "--set=log.access=" + nowhere.resolve("access.log"),
                "--set=log.audit=" + directory,
                "--set=record.file=" + inTheWay.resolve("requests.jsonl"));
        assertThat(ran.err())
                .containsExactly(
                        "option log.access: log.access: " + nowhere
                                + "/access.log: no such directory (expected: a file that can be written)",
                        "option log.audit: log.audit: " + directory
                                + ": is a directory (expected: a file that can be written)",
                        "option record.file: record.file: " + inTheWay
                                + "/requests.jsonl: cannot be made (expected: a file that can be written)");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(Ran.command(
                                "check",
                                ORIGIN,
                                DEMO,
                                "--set=record.file=" + nowhere.resolve("requests.jsonl"),
                                "--set=log.access=" + inTheWay,
                                "--set=log.audit=" + directory.resolve("audit.log"))
                        .code())
                .isZero();
        assertThat(directory).isDirectoryNotContaining(path -> !path.equals(inTheWay));
    }

    @Test
    void aCommandWithoutDashesBeforeItIsToldSo() {
        Ran ran = Ran.command("exec", "node", "app.js");
        assertThat(ran.err().get(0)).endsWith("(expected: `--` before the command, e.g. exec -- node server.js)");
        assertThat(ran.code()).isEqualTo(2);
    }

    @Test
    void aFileThatCannotBeReadIsTheOnlyThingWrong() throws IOException {
        Path missing = directory.resolve("gateway.conf");
        assertThat(Ran.command("check", "-c", missing.toString()).err())
                .containsExactly(missing + ": no such file (expected: a readable HOCON file)");
        assertThat(Ran.command("check", "-c", directory.toString()).err())
                .containsExactly(directory + ": is a directory (expected: a readable HOCON file)");
        Path binary = Files.write(directory.resolve("binary.conf"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        assertThat(Ran.command("check", "-c", binary.toString()).err())
                .containsExactly(binary + ": not UTF-8 (expected: a text in UTF-8)");
    }

    @Test
    void printsEveryKeyWithItsPlaceAndNoSecret() {
        Ran ran = Ran.command("check", ORIGIN, "--print", "--set", "esper.api-key=sk-very-secret");
        assertThat(ran.out())
                .contains(
                        "origin.url = http://127.0.0.1:3000  # option --origin",
                        "esper.api-key = ***  # option esper.api-key")
                .anyMatch(line -> line.matches("limits\\.body = 2 GiB  # reference\\.conf:\\d+"));
        assertThat(ran.text()).doesNotContain("sk-very-secret");
    }

    @Test
    void readsTheFileThatTheEnvironmentNamesUnlessAnOptionDoes() throws IOException {
        Path named = Files.writeString(directory.resolve("named.conf"), "origin.url = \"http://named:1\"\n");
        Path given = Files.writeString(directory.resolve("given.conf"), "origin.url = \"http://given:1\"\n");
        Map<String, String> environment = Map.of("ESPER_CONFIG", named.toString());
        assertThat(options().load(environment, Map.of()).value().origin().url()).hasToString("http://named:1");
        assertThat(options("--config", given.toString())
                        .load(environment, Map.of())
                        .value()
                        .origin()
                        .url())
                .hasToString("http://given:1");
        assertThat(options()
                        .load(Map.of("ESPER_CONFIG", "", "ESPER_ORIGIN", "http://o:1"), Map.of())
                        .isValid())
                .isTrue();
    }

    private static ConfigOptions options(String... arguments) {
        return CommandLine.populateCommand(new ConfigOptions(), arguments);
    }

    @ParameterizedTest
    @CsvSource({"run", "check", "demo"})
    void everyCommandHasHelpThatNamesItsOptions(String command) {
        Ran ran = Ran.command(command, "--help");
        assertThat(ran.code()).isZero();
        assertThat(ran.err()).isEmpty();
        assertThat(ran.text())
                .contains(
                        "esper-gateway " + command,
                        "--config=FILE",
                        "--origin=URL",
                        "--listen=HOST:PORT",
                        "--mode=MODE")
                .contains(
                        "--admin=HOST:PORT", "--set=KEY=VALUE", "--help", "--version", "ESPER_ORIGIN", "ESPER_CONFIG");
        assertThat(Ran.command("help", command).out()).isEqualTo(ran.out());
    }

    @ParameterizedTest
    @CsvSource({"server", "keys create", "keys list", "keys revoke", "mitigate add", "mitigate list", "mitigate remove"
    })
    void theHelpOfWhatIsNoGatewayNamesNothingOfGateways(String command) {
        Ran ran = Ran.command((command + " --help").split(" "));
        assertThat(ran.code()).isZero();
        assertThat(ran.text())
                .contains("--config=FILE", "--set=KEY=VALUE")
                .doesNotContain("--origin=", "--listen=", "--mode=");
        assertThat(ran.text().contains("--admin=HOST:PORT")).isEqualTo(!command.startsWith("keys"));
    }

    @Test
    void aKeyIsMadeForATenantOnly() throws IOException {
        String file = directory.resolve("keys.jsonl").toString();
        Path conf = Files.writeString(
                directory.resolve("server.conf"), "server.tenants = [ { tenant_id = shop }, { tenant_id = bank } ]");
        Ran stranger = Ran.command("keys", "create", "--config", conf.toString(), "--file", file, "--tenant", "shp");
        assertThat(stranger.code()).isEqualTo(2);
        assertThat(stranger.err()).contains("--tenant: shp (expected: one of shop, bank)");
        assertThat(Ran.command("keys", "create", "--file", file, "--tenant", " shop")
                        .err())
                .contains("--tenant: \" shop\" (expected: the id of a tenant)");
        assertThat(Ran.command("keys", "create", "--config", conf.toString(), "--file", file, "--tenant", "shop")
                        .code())
                .isZero();
    }

    @Test
    void theHelpOfAllNamesTheCommandsAndTheExitCodes() {
        Ran ran = Ran.command("--help");
        assertThat(ran.code()).isZero();
        assertThat(ran.text())
                .contains("run ", "check ", "demo ", "help ", "ESPER_", "Exit codes: 0 done, 1 failed, 2 ");
    }

    @ParameterizedTest
    @CsvSource({"--version", "run --version", "check --version", "demo --version"})
    void saysItsVersion(String arguments) {
        Ran ran = Ran.command(arguments.split(" "));
        assertThat(ran.out()).hasSize(2);
        assertThat(ran.out().get(0)).startsWith("esper-gateway ");
        assertThat(ran.code()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "keys list --file none.jsonl | none.jsonl: cannot be read: no such file (expected: one that \"keys create\" wrote)",
                "mitigate list --admin 127.0.0.1:1 | operator port 127.0.0.1:1: cannot be connected to (expected: a running gateway)",
                "beacon tail --admin 127.0.0.1:1 | operator port 127.0.0.1:1: cannot be connected to (expected: a running gateway with beacon.mode = on)",
            })
    void whatIsNotThereIsSaid(String arguments, String said) {
        Ran ran = Ran.command(arguments.split(" "));
        assertThat(ran.err()).containsExactly(said);
        assertThat(ran.code()).isEqualTo(Running.FAILED);
    }

    @Test
    void wrongUsageOfACommandIsSaidInTwoLines() {
        Ran ran = Ran.command("mitigate", "add", "--lifetime", "10m");
        assertThat(ran.err())
                .containsExactly(
                        "Missing required option: '--field=FIELD=VALUE'", "See: esper-gateway mitigate add --help");
        assertThat(ran.code()).isEqualTo(Running.WRONG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "start", "run --orgin=x", "check --set limits.body", "run --listen"})
    void wrongUsageIsTwo(String arguments) {
        Ran ran = Ran.command(arguments.isEmpty() ? new String[0] : arguments.split(" "));
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).isNotEmpty().noneMatch(line -> line.contains("Exception"));
    }

    @Test
    void whoAsksARunningGatewayIsToldThatTheConfigurationIsNotThere() {
        Ran ran = Ran.command("reload", "--config", "nosuch.conf");
        assertThat(ran.err()).containsExactly("nosuch.conf: no such file (expected: a readable HOCON file)");
        assertThat(ran.code()).isEqualTo(2);
    }
}
