package com.esperr.gateway.child;

import com.esperr.gateway.config.Section;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code exec}. Immutable.
 *
 * @param host where the application listens, if not at a socket
 * @param port its port there, 0 for one that is free
 * @param socket the unix socket it listens at instead, or null
 * @param bind when visitors may connect
 * @param whileAway what becomes of requests while it is not there
 * @param hold how long one is held
 * @param maxHeld how many are at once
 * @param ready when the application is there
 * @param restart when it is started again
 * @param stop how it is ended
 * @param children processes beside it
 */
public record ExecConfig(
        String host,
        int port,
        @Nullable Path socket,
        Bind bind,
        WhileAway whileAway,
        Duration hold,
        int maxHeld,
        ReadyConfig ready,
        RestartConfig restart,
        StopConfig stop,
        List<SideConfig> children) {
    /** What the kernel takes (struct sockaddr_un), less the closing zero. */
    private static final int LONGEST_PATH = 107;

    /** When visitors may connect. */
    public enum Bind {
        /** At once. */
        EARLY,
        /** When the application is ready for the first time. */
        READY
    }

    /** What becomes of requests while the application is not there. */
    public enum WhileAway {
        /** They wait. */
        HOLD,
        /** They are answered 503. */
        REFUSE
    }

    /** Reads the section. */
    public static ExecConfig read(Section section) {
        RestartConfig restart = RestartConfig.read(section.section("restart"));
        List<SideConfig> children = new ArrayList<>();
        section.namedSections("children").forEach((name, one) -> children.add(SideConfig.read(name, one, restart)));
        return new ExecConfig(
                section.string("host"),
                section.integer("port", 0, 65_535),
                section.parsedOrNull("socket", "an absolute path of at most 107 bytes", ExecConfig::socket),
                section.choice("bind", Bind.class),
                section.choice("while-away", WhileAway.class),
                section.duration("hold", Duration.ZERO, Duration.ofMinutes(10)),
                section.integer("max-held", 0, 1_000_000),
                ReadyConfig.read(section.section("ready")),
                restart,
                StopConfig.read(section.section("stop")),
                List.copyOf(children));
    }

    private static Path socket(String text) {
        Path path = Path.of(text);
        if (!path.isAbsolute() || text.getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH) {
            throw new IllegalArgumentException(text);
        }
        return path;
    }
}
