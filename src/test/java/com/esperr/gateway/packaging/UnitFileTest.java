package com.esperr.gateway.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.boot.GatewayConfig;
import com.esperr.gateway.boot.ShutdownConfig;
import com.esperr.gateway.cli.GatewayCommand;
import com.esperr.gateway.testkit.Peers;
import com.esperr.gateway.testkit.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The systemd unit of the package against what it names. */
class UnitFileTest {
    private static final Path UNIT = Path.of("src/deb/esper-gateway.service");

    private static Map<String, List<String>> directives() throws IOException {
        Map<String, List<String>> directives = new HashMap<>();
        for (String line : Files.readAllLines(UNIT)) {
            if (!line.startsWith("#") && line.contains("=")) {
                String[] parts = line.split("=", 2);
                directives.computeIfAbsent(parts[0], name -> new ArrayList<>()).add(parts[1]);
            }
        }
        return directives;
    }

    private static String only(String name) throws IOException {
        assertThat(directives().get(name)).as(name).hasSize(1);
        return directives().get(name).get(0);
    }

    @Test
    void startsACommandThereIsWithTheConfigurationOfThePackage() throws IOException {
        for (String name : List.of("ExecStartPre", "ExecStart")) {
            String[] words = only(name).split(" ");
            assertThat(words).hasSize(4);
            assertThat(words[0]).isEqualTo("/usr/bin/esper-gateway");
            assertThat(GatewayCommand.execute(words[1], "--help")).isZero();
            assertThat(Files.readAllLines(Path.of("src/deb/control/conffiles"))).contains(words[3]);
        }
    }

    @Test
    void givesTheTimeThatGraceAndDrainTake() throws IOException {
        ShutdownConfig shutdown = GatewayConfig.load(Path.of("src/deb/gateway.conf"), Map.of(), Map.of())
                .sketch()
                .shutdown();
        assertThat(Long.parseLong(only("TimeoutStopSec")))
                .isGreaterThanOrEqualTo(shutdown.grace().plus(shutdown.drain()).toSeconds() + 5);
    }

    @Test
    void theUserIsMadeByThePackageAndOwnsItsStateOnly() throws IOException {
        assertThat(Files.readString(Path.of("src/deb/control/postinst")))
                .contains("adduser --system --group")
                .contains(" " + only("User") + "\n");
        assertThat(only("WorkingDirectory")).isEqualTo("/var/lib/" + only("StateDirectory"));
        assertThat(only("ProtectSystem")).isEqualTo("strict");
    }

    @Test
    void hasOneRightAndNoOther() throws IOException {
        assertThat(only("CapabilityBoundingSet")).isEqualTo("CAP_NET_BIND_SERVICE");
        assertThat(only("AmbientCapabilities")).isEqualTo("CAP_NET_BIND_SERVICE");
        for (String protection : List.of(
                "NoNewPrivileges",
                "PrivateDevices",
                "PrivateTmp",
                "ProtectHome",
                "ProtectClock",
                "ProtectControlGroups",
                "ProtectHostname",
                "ProtectKernelLogs",
                "ProtectKernelModules",
                "ProtectKernelTunables",
                "LockPersonality",
                "RestrictNamespaces",
                "RestrictRealtime",
                "RestrictSUIDSGID")) {
            assertThat(only(protection)).as(protection).isEqualTo("true");
        }
        assertThat(directives().get("SystemCallFilter")).containsExactly("@system-service", "~@privileged @resources");
        // The virtual machine compiles as it runs.
        assertThat(directives()).doesNotContainKey("MemoryDenyWriteExecute");
    }

    /** Where systemd is at hand, its own opinion counts as well. */
    @Test
    void systemdFindsItWellProtected() {
        if (Peers.find("systemd-analyze").isPresent()
                && Shell.run("systemd-analyze security --help").contains("--offline")) {
            String said = Shell.run("systemd-analyze security --offline=true " + UNIT + " 2>&1 | cat");
            if (said.contains("Overall exposure level")) {
                assertThat(said).containsPattern("exposure level for esper-gateway.service: [01]\\.\\d OK");
            }
        }
    }
}
