package com.esperr.gateway.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.Behaviours;
import com.esperr.gateway.testkit.BrowserPage;
import com.esperr.gateway.testkit.RawClient;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/**
 * What the dashboard looks like, on a desk and on a phone, light and dark. The pictures are left in {@code target/screenshots}, or where
 * {@code -Ddashboard.screenshots=DIR} says: then after more than a minute of load, as those in {@code docs/images} were made.
 */
class DashboardPictureChromiumIT {
    private static final int COLOURS = 256;
    private static final int WIDTH = 1280;
    private static final int HEIGHT = 900;
    private static final int PHONE_WIDTH = 390;
    private static final int PHONE_HEIGHT = 844;
    private static final String[] AGENTS = {
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "curl/8.14.1",
        "python-requests/2.32.4"
    };
    private static final String[] PATHS = {
        "/", "/products/17", "/prices?page=2", "/cart", "/products/4", "/search?q=lamp", "/products/9", "/help", "/cart"
    };

    @Test
    void fitsEveryScreen() throws IOException {
        String wanted = System.getProperty("dashboard.screenshots", "");
        Path pictures = wanted.isEmpty() ? Path.of("target", "screenshots") : Path.of(wanted);
        Files.createDirectories(pictures);
        try (DashboardScene scene = DashboardScene.with()) {
            scene.origin.on("/help", Behaviours.respond(404, "no"));
            scene.origin.on("/report", Behaviours.closeWithoutReply());
            look(scene, false, false);
            scene.open();
            mitigate(scene, "198.51.100.23", "block", "price scraping");
            mitigate(scene, "203.0.113.9", "challenge", "guesses passwords");
            solve(scene, wanted.isEmpty() ? 1 : 5);
            for (int second = 0; second < (wanted.isEmpty() ? 4 : 75); second++) {
                load(scene, second);
            }
            scene.page.awaitTrue("document.querySelectorAll('#recent-table tbody tr').length > 3");
            for (boolean phone : new boolean[] {false, true}) {
                for (boolean dark : new boolean[] {false, true}) {
                    String name = "dashboard" + (phone ? "-phone" : "") + (dark ? "-dark" : "");
                    look(scene, phone, dark);
                    load(scene, 1);
                    scene.page.awaitTrue("document.documentElement.scrollWidth <= innerWidth");
                    scene.page.screenshot(pictures.resolve(name + ".png"));
                    if (!wanted.isEmpty()) {
                        compress(pictures.resolve(name + ".png"));
                        whole(scene, phone, dark, pictures.resolve(name + "-whole.png"));
                    }
                    assertThat(pictures.resolve(name + ".png")).isNotEmptyFile();
                }
            }
        }
    }

    private static void look(DashboardScene scene, boolean phone, boolean dark) {
        scene.page.looks(phone ? PHONE_WIDTH : WIDTH, phone ? PHONE_HEIGHT : HEIGHT, phone, dark);
    }

    private static void whole(DashboardScene scene, boolean phone, boolean dark, Path file) {
        int height =
                scene.page.evaluate("document.documentElement.scrollHeight").asInt();
        scene.page.looks(phone ? PHONE_WIDTH : WIDTH, height, phone, dark);
        load(scene, 1);
        scene.page.screenshot(file);
    }

    /** Leaves 256 colours, which is all that flat surfaces and their edges need. */
    private static void compress(Path file) throws IOException {
        BufferedImage seen = ImageIO.read(file.toFile());
        Map<Integer, Integer> counts = new HashMap<>();
        for (int y = 0; y < seen.getHeight(); y++) {
            for (int x = 0; x < seen.getWidth(); x++) {
                counts.merge(seen.getRGB(x, y), 1, Integer::sum);
            }
        }
        int[] palette = counts.entrySet().stream()
                .sorted(Map.Entry.<Integer, Integer>comparingByValue().reversed())
                .limit(COLOURS)
                .mapToInt(Map.Entry::getKey)
                .toArray();
        IndexColorModel model = new IndexColorModel(8, palette.length, palette, 0, false, -1, DataBuffer.TYPE_BYTE);
        BufferedImage flat =
                new BufferedImage(seen.getWidth(), seen.getHeight(), BufferedImage.TYPE_BYTE_INDEXED, model);
        Map<Integer, Integer> nearest = new HashMap<>();
        for (int y = 0; y < seen.getHeight(); y++) {
            for (int x = 0; x < seen.getWidth(); x++) {
                int rgb = nearest.computeIfAbsent(seen.getRGB(x, y), colour -> nearest(palette, colour));
                flat.setRGB(x, y, rgb);
            }
        }
        ImageIO.write(flat, "png", file.toFile());
    }

    private static int nearest(int[] palette, int colour) {
        int best = palette[0];
        for (int one : palette) {
            best = distance(one, colour) < distance(best, colour) ? one : best;
        }
        return best;
    }

    private static int distance(int a, int b) {
        int red = (a >> 16 & 255) - (b >> 16 & 255);
        int green = (a >> 8 & 255) - (b >> 8 & 255);
        int blue = (a & 255) - (b & 255);
        return red * red + green * green + blue * blue;
    }

    private static void mitigate(DashboardScene scene, String address, String decision, String reason) {
        String order = "{\"entity\":\"address\",\"fields\":{\"client_ip\":\"" + address + "\"},\"decision\":\""
                + decision + "\",\"lifetime_seconds\":3600,\"reason\":\"" + reason + "\"}";
        assertThat(RawClient.exchange(
                                scene.gateway.adminPort(),
                                "POST /mitigations HTTP/1.1\r\nHost: localhost\r\nX-Esper-Operator: ada\r\nContent-Length: "
                                        + order.length() + "\r\n\r\n" + order)
                        .status())
                .isEqualTo(201);
    }

    /** Passes challenges, so that there is a funnel. */
    private static void solve(DashboardScene scene, int times) {
        BrowserPage visitor = scene.browser.open();
        for (int i = 0; i < times; i++) {
            scene.browser.forgetCookies();
            visitor.navigate("http://127.0.0.1:" + scene.gateway.port() + "/sign-up");
            visitor.awaitTrue("document.querySelector('button')?.checkVisibility()");
            visitor.click("button");
            visitor.awaitText("shop");
        }
        visitor.close();
    }

    /** A second of visitors, more and fewer in turn. */
    private static void load(DashboardScene scene, int second) {
        int visits = (int) (34 + 16 * Math.sin(second / 9.0) + 9 * Math.sin(second / 3.7));
        boolean scanned = second % 40 > 27;
        for (int i = 0; i < visits; i++) {
            boolean bad = i % (scanned ? 4 : 15) == 3;
            String path = bad
                    ? "/.env" + (i % 2 == 0 ? "" : ".bak")
                    : i % 9 == 5 ? "/sign-up" : i == 30 ? "/report" : PATHS[(i * 5 + second) % PATHS.length];
            String address = i % 31 == 7 ? "198.51.100.23" : "198.51.100." + ((i * 7 + second) % 200 + 30);
            var unused = scene.visit(path, address, AGENTS[bad ? 1 + i % 2 : 0]);
        }
        scene.page.evaluate("new Promise(done => setTimeout(done, 700))");
    }
}
