package com.esperr.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.cli.ExecDiary.Visit;
import com.esperr.gateway.testkit.WebApplication;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Deploys, one after the other, while visitors come all the time, through a router as a platform has one: it sends them to the newest
 * instance, to the newest again if that takes no connection, and nobody any more to one that is told to end. Every request that failed is held against what the application wrote
 * about it; what is not the application's doing is the gateway's. The property {@code exec.deploys} says how many.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class ExecDeployIT {
    private static final int DEPLOYS = Integer.getInteger("exec.deploys", 3);
    private static final int VISITORS = 4;
    private static final int TRIES = 20;

    @TempDir
    private Path directory;

    private final ReadWriteLock routing = new ReentrantReadWriteLock(true);
    private final List<Instance> instances = new CopyOnWriteArrayList<>();
    private final List<ExecScene> scenes = new ArrayList<>();
    private volatile boolean over;

    /** What is deployed, and how it learns that it is to end. */
    enum Kind {
        NODE_TOLD_BY_THE_PLATFORM(true, true, false),
        NODE_TOLD_BY_THE_PLATFORM_THAT_STAYS(true, true, true),
        NODE_TOLD_BY_THE_GATEWAY(true, false, false),
        JVM_TOLD_BY_THE_PLATFORM(false, true, false),
        JVM_TOLD_BY_THE_GATEWAY(false, false, false);

        private final boolean node;
        private final boolean platform;
        private final boolean stays;

        Kind(boolean node, boolean platform, boolean stays) {
            this.node = node;
            this.platform = platform;
            this.stays = stays;
        }

        /** Whether the application closes its listener while the gateway still has requests for it. */
        private boolean closesFirst() {
            return platform && !stays;
        }
    }

    /** One that was deployed, and the visits that were paid to it. */
    private record Instance(ExecScene scene, Path diary, Path end, Queue<Visit> visits) {
        int port() {
            return scene.gateway().port();
        }
    }

    @ParameterizedTest
    @EnumSource
    void nobodyIsFailedByTheGateway(Kind kind) throws InterruptedException, IOException {
        List<Thread> visitors = new ArrayList<>();
        try {
            deploy(kind);
            for (int i = 0; i < VISITORS; i++) {
                visitors.add(new Thread(this::visit, "visitor-" + i));
            }
            visitors.forEach(Thread::start);
            for (int i = 0; i < DEPLOYS; i++) {
                Instance last = newest();
                // It listens already, and its application may still be starting.
                deploy(kind);
                end(last, kind);
            }
            over = true;
            for (Thread visitor : visitors) {
                visitor.join();
            }
            end(newest(), kind);
        } finally {
            over = true;
            scenes.forEach(ExecScene::close);
        }
        judge(kind);
    }

    private void deploy(Kind kind) {
        Path diary = directory.resolve("diary-" + instances.size());
        Path end = directory.resolve("end-" + instances.size());
        ExecScene.Setting setting = ExecScene.setting()
                .set("exec.stop.told-by", kind.platform ? "platform" : "gateway")
                .set("exec.stop.within", "5m")
                .set("exec.hold", "5m")
                .set("exec.ready.timeout", "5m")
                .variable("DIARY", diary.toString())
                .variable("BOOT_MILLIS", "200");
        if (kind.stays) {
            setting.variable("STAYS_UNTIL", end.toString());
        }
        ExecScene scene = kind.node ? setting.node() : setting.run(WebApplication.command());
        scenes.add(scene);
        Instance instance = new Instance(scene, diary, end, new ConcurrentLinkedQueue<>());
        instance.port();
        // Waits for those who are just being connected to the one before: the kernel resets whom a listener has not
        // accepted when it closes.
        routing.writeLock().lock();
        instances.add(instance);
        routing.writeLock().unlock();
    }

    private Instance newest() {
        return instances.get(instances.size() - 1);
    }

    private static void end(Instance instance, Kind kind) throws IOException {
        ExecScene scene = instance.scene;
        // Told before it runs, it has not yet said what is to happen then.
        scene.awaitLine("the application is ready");
        if (kind.platform) {
            scene.terminateEverybody();
        } else {
            scene.gateway().terminate();
        }
        if (kind.stays) {
            // The gateway has let go of the application.
            scene.gateway().awaitLine(line -> line.endsWith("stopped"));
            Files.createFile(instance.end);
        }
        assertThat(scene.awaitExit()).isEqualTo(kind.node ? 0 : 143);
    }

    private void judge(Kind kind) {
        int served = 0;
        List<String> refused = new ArrayList<>();
        List<String> cut = new ArrayList<>();
        List<String> unexplained = new ArrayList<>();
        for (Instance instance : instances) {
            ExecDiary diary =
                    ExecDiary.read(instance.diary, instance.scene.gateway().lines());
            List<Visit> failed =
                    instance.visits.stream().filter(visit -> !visit.served()).toList();
            ExecDiary.Account account = diary.of(failed);
            served += instance.visits.size() - failed.size();
            refused.addAll(account.refused());
            cut.addAll(account.cut());
            unexplained.addAll(account.unexplained());
            assertThat(instance.visits)
                    .filteredOn(visit -> !visit.repeatable())
                    .allMatch(visit -> diary.taken(visit.id()) <= 1, "was sent to the application once");
        }
        System.out.printf(
                "%d deploys, %s: %d requests served; the application refused %d, cut %d; unexplained %d%n",
                DEPLOYS, kind, served, refused.size(), cut.size(), unexplained.size());
        refused.forEach(System.out::println);
        cut.forEach(System.out::println);
        assertThat(served).isPositive();
        assertThat(unexplained).isEmpty();
        if (!kind.closesFirst()) {
            assertThat(refused).isEmpty();
            assertThat(cut).isEmpty();
        }
    }

    private void visit() {
        for (int i = 0; !over; i++) {
            String id = Thread.currentThread().getName() + "-" + i;
            String body = i % 3 == 2 ? "hello" : "";
            String request = (body.isEmpty() ? "GET" : "POST") + " /?millis=" + (i % 5) * 10 + "&id=" + id
                    + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: " + body.length()
                    + "\r\n\r\n"
                    + body;
            route(id, request);
        }
    }

    /** Takes it to the newest instance that takes connections, and notes how it went. */
    private void route(String id, String request) {
        boolean repeatable = request.startsWith("GET");
        for (int i = 0; i < TRIES; i++) {
            try (Socket socket = new Socket()) {
                socket.setSoTimeout(120_000);
                Instance instance = connect(socket);
                if (instance == null) {
                    continue;
                }
                long sent = System.currentTimeMillis();
                String answer = exchange(socket, request);
                instance.visits.add(new Visit(id, repeatable, answer, sent, System.currentTimeMillis()));
                return;
            } catch (IOException broken) {
                throw new AssertionError(broken);
            }
        }
        long now = System.currentTimeMillis();
        instances.get(0).visits.add(new Visit(id, repeatable, "no instance takes connections", now, now));
    }

    private @Nullable Instance connect(Socket socket) {
        routing.readLock().lock();
        try {
            Instance instance = newest();
            socket.connect(new InetSocketAddress("127.0.0.1", instance.port()));
            return instance;
        } catch (IOException refused) {
            return null;
        } finally {
            routing.readLock().unlock();
        }
    }

    private static String exchange(Socket socket, String request) {
        try {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException broken) {
            return broken.toString();
        }
    }
}
