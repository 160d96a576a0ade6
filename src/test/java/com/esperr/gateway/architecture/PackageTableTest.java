package com.esperr.gateway.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esperr.gateway.architecture.PackageTable.Row;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PackageTableTest {

    private static final List<String> DOCUMENT = List.of(
            "| Floor | Package | Is |",
            "|--:|---|---|",
            "| 0 | `net` | addresses |",
            "| 1 | `proxy` | the listener |",
            "| 1 | `admin` | (later) the operator port |",
            "| 2 | `(root)`, `cli` | commands |",
            "Netty only in: `proxy`, `(root)`",
            "`io.netty.buffer` only in: `proxy`");

    private final PackageTable table = PackageTable.parse(DOCUMENT);

    @Test
    void aPackageUsesLowerFloorsAndItsOwnRowOnly() {
        assertThat(row("proxy").mayUse(row("net"))).isTrue();
        assertThat(row("proxy").mayUse(row("admin"))).isFalse();
        assertThat(row("net").mayUse(row("proxy"))).isFalse();
        assertThat(row("cli").mayUse(table.rows().get(PackageTable.ROOT))).isTrue();
    }

    @Test
    void onlyRowsThatSaySoComeLater() {
        assertThat(table.rows().values()).filteredOn(Row::later).containsExactly(row("admin"));
    }

    @Test
    void nettyLinesNamePackages() {
        assertThat(table.netty()).containsExactly("com.esperr.gateway.proxy", "com.esperr.gateway");
        assertThat(table.buffers()).containsExactly("com.esperr.gateway.proxy");
    }

    @Test
    void aPackageNamedTwiceIsRefused() {
        List<String> twice = new ArrayList<>(DOCUMENT);
        twice.add("| 3 | `net` | again |");
        assertThatThrownBy(() -> PackageTable.parse(twice)).hasMessageContaining("com.esperr.gateway.net");
    }

    private Row row(String name) {
        return table.rows().get(PackageTable.ROOT + "." + name);
    }
}
