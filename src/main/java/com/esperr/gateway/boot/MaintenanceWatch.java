package com.esperr.gateway.boot;

import com.esperr.gateway.admin.Endpoint;
import com.esperr.gateway.admin.Switch;
import com.esperr.gateway.admin.SwitchEndpoint;
import com.esperr.gateway.proxy.Interruptions;
import com.esperr.gateway.proxy.Maintenance;
import com.esperr.gateway.proxy.Pause;
import com.esperr.gateway.telemetry.Audit;
import com.esperr.gateway.telemetry.MeterName;
import com.esperr.gateway.telemetry.Metrics;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks every second for the file that switches maintenance on, on a thread of its own. Thread-safe. */
final class MaintenanceWatch implements AutoCloseable {
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("maintenance", true));

    private MaintenanceWatch(Maintenance maintenance) {
        thread.scheduleWithFixedDelay(maintenance::look, 1, 1, TimeUnit.SECONDS);
    }

    static void begin(Interruptions interruptions, Metrics metrics, Parts parts) {
        Maintenance maintenance = interruptions.maintenance();
        Pause pause = interruptions.pause();
        metrics.gauge(MeterName.MAINTENANCE, () -> maintenance.on() ? 1 : 0);
        metrics.gauge(MeterName.PAUSE, () -> pause.on() ? 1 : 0);
        metrics.gauge(MeterName.PAUSE_HELD, pause::held);
        parts.add(new MaintenanceWatch(maintenance));
    }

    /** How operators switch both. */
    static List<Endpoint> endpoints(Interruptions interruptions, Audit audit) {
        return List.of(
                new SwitchEndpoint(
                        "maintenance",
                        "whether visitors are told to come back later",
                        of(interruptions.maintenance()),
                        audit),
                new SwitchEndpoint(
                        "pause",
                        "whether requests are held on their way to the origin",
                        of(interruptions.pause()),
                        audit));
    }

    private static Switch of(Maintenance maintenance) {
        return new Switch() {
            @Override
            public Map<String, Object> facts() {
                Map<String, Object> facts = new LinkedHashMap<>();
                facts.put("on", maintenance.on());
                facts.put("ordered", maintenance.ordered());
                Path file = maintenance.file();
                if (file != null) {
                    facts.put("file", file.toString());
                }
                return facts;
            }

            @Override
            public void turn(boolean on, String by) {
                maintenance.turn(on, by);
            }
        };
    }

    private static Switch of(Pause pause) {
        return new Switch() {
            @Override
            public Map<String, Object> facts() {
                Map<String, Object> facts = new LinkedHashMap<>();
                facts.put("on", pause.on());
                facts.put("held", pause.held());
                return facts;
            }

            @Override
            public void turn(boolean on, String by) {
                pause.turn(on, by);
            }
        };
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
