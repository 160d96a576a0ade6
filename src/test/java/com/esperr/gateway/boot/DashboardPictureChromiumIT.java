package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * What the dashboard looks like, on a desk and on a phone, light and dark. The pictures are left in {@code target/screenshots}, or where
 * {@code -Ddashboard.screenshots=DIR} says; those of the README are made with it, after some minutes of load.
 */
class DashboardPictureChromiumIT {
    private static final String[] AGENTS = {
        "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", "BadBot/2.1", "curl/8.14.1", "python-requests/2.32"
    };
    private static final String[] PATHS = {
        "/", "/products/17", "/prices?page=2", "/cart", "/search", "/products/4", "/sign-up", "/.env", "/products/9"
    };

    @Test
    void fitsEveryScreen() throws IOException {
        String wanted = System.getProperty("dashboard.screenshots", "");
        Path pictures = wanted.isEmpty() ? Path.of("target", "screenshots") : Path.of(wanted);
        Files.createDirectories(pictures);
        try (DashboardScene scene = DashboardScene.with()) {
            scene.page.looks(1280, 860, false, false);
            scene.open();
            load(scene, wanted.isEmpty() ? 300 : 9000);
            scene.page.awaitTrue("document.querySelectorAll('#recent-table tbody tr').length > 3");
            for (boolean phone : new boolean[] {false, true}) {
                for (boolean dark : new boolean[] {false, true}) {
                    scene.page.looks(phone ? 390 : 1280, phone ? 844 : 860, phone, dark);
                    load(scene, 30);
                    String name = "dashboard" + (phone ? "-phone" : "") + (dark ? "-dark" : "");
                    scene.page.awaitTrue("document.documentElement.scrollWidth <= innerWidth");
                    scene.page.screenshot(pictures.resolve(name + ".png"));
                    if (!wanted.isEmpty()) {
                        whole(scene, phone, dark, pictures.resolve(name + "-whole.png"));
                    }
                    assertThat(Files.size(pictures.resolve(name + ".png"))).isPositive();
                }
            }
        }
    }

    private static void whole(DashboardScene scene, boolean phone, boolean dark, Path file) {
        int height =
                scene.page.evaluate("document.documentElement.scrollHeight").asInt();
        scene.page.looks(phone ? 390 : 1280, height, phone, dark);
        load(scene, 30);
        scene.page.screenshot(file);
    }

    private static void load(DashboardScene scene, int requests) {
        for (int i = 0; i < requests; i++) {
            String path = PATHS[(i * 7 + i / 11) % PATHS.length];
            String agent = i % 23 == 5 ? AGENTS[1] : AGENTS[i % 3 == 0 ? 2 : i % 7 == 0 ? 3 : 0];
            var unused = scene.visit(path, "198.51.100." + (i % 40 + 1), agent);
        }
    }
}
