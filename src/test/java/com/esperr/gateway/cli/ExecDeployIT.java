package com.esperr.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.testkit.WebApplication;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Deploys, one after the other, while visitors come all the time, through a router as a platform has one: it sends them to the newest
 * instance, and to the newest again if that takes no connection. Every process of the instance before is told to end at the same moment.
 * The property {@code exec.deploys} says how many.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class ExecDeployIT {
    private static final int DEPLOYS = Integer.getInteger("exec.deploys", 4);
    private static final int VISITORS = 4;
    private static final int TRIES = 20;

    private final LongAdder served = new LongAdder();
    private final List<String> failures = new ArrayList<>();
    private final AtomicInteger newest = new AtomicInteger();
    private volatile boolean over;

    @ParameterizedTest
    @CsvSource({"node, platform", "node, gateway", "jvm, platform"})
    void nobodyIsFailedByTheGateway(String application, String toldBy) throws InterruptedException {
        List<Thread> visitors = new ArrayList<>();
        long refused = 0;
        ExecScene current = start(application, toldBy);
        try {
            newest.set(current.gateway().port());
            for (int i = 0; i < VISITORS; i++) {
                visitors.add(new Thread(this::visit, "visitor-" + i));
            }
            visitors.forEach(Thread::start);
            for (int deploy = 0; deploy < DEPLOYS; deploy++) {
                ExecScene next = start(application, toldBy);
                // It listens already, and its application may still be starting.
                newest.set(next.gateway().port());
                ExecScene last = current;
                current = next;
                refused += end(last, application, toldBy);
            }
        } finally {
            over = true;
            for (Thread visitor : visitors) {
                visitor.join();
            }
            refused += end(current, application, toldBy);
        }
        System.out.printf(
                "%d deploys of %s, told by the %s: %d requests served, %d failed, of which the application refused %d%n",
                DEPLOYS, application, toldBy, served.sum(), failures.size(), refused);
        assertThat(served.sum()).isPositive();
        assertThat(failures).hasSizeLessThanOrEqualTo((int) refused);
    }

    private static ExecScene start(String application, String toldBy) {
        ExecScene.Setting setting = ExecScene.setting()
                .set("exec.stop.told-by", toldBy)
                .set("exec.hold", "5m")
                .set("exec.ready.timeout", "5m")
                .variable("BOOT_MILLIS", "200");
        ExecScene scene = application.equals("node") ? setting.node() : setting.run(WebApplication.command());
        scene.gateway().port();
        return scene;
    }

    /** Ends one; answers how many requests its application took no more, or ended without an answer to. */
    private static long end(ExecScene scene, String application, String toldBy) {
        try (scene) {
            // Told before it runs, it has not yet said what is to happen then.
            scene.awaitLine("the application is ready");
            if (toldBy.equals("platform")) {
                scene.terminateEverybody();
            } else {
                scene.gateway().terminate();
            }
            assertThat(scene.awaitExit()).isEqualTo(application.equals("node") ? 0 : 143);
            return scene.count(line -> line.contains("\"failure\":\"origin_away\"")
                    || line.contains("\"failure\":\"origin_closed\"")
                    || line.contains("\"failure\":\"origin_connect\""));
        }
    }

    private void visit() {
        for (int i = 0; !over; i++) {
            String body = i % 3 == 2 ? "hello" : "";
            String request = (body.isEmpty() ? "GET" : "POST") + " /?millis=" + (i % 5) * 10
                    + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: " + body.length()
                    + "\r\n\r\n"
                    + body;
            String answer = route(request);
            if (answer.startsWith("HTTP/1.1 200 ")) {
                served.increment();
            } else {
                synchronized (failures) {
                    failures.add(answer.lines().findFirst().orElse("nothing"));
                }
            }
        }
    }

    /** Takes it to the newest instance that takes connections. */
    private String route(String request) {
        for (int i = 0; i < TRIES; i++) {
            Socket socket = new Socket();
            try (socket) {
                socket.setSoTimeout(120_000);
                try {
                    socket.connect(new InetSocketAddress("127.0.0.1", newest.get()));
                } catch (IOException refused) {
                    continue;
                }
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                InputStream in = socket.getInputStream();
                return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            } catch (IOException broken) {
                return broken.toString();
            }
        }
        return "no instance takes connections";
    }
}
