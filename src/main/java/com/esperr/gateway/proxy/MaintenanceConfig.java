package com.esperr.gateway.proxy;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.net.Cidr;
import com.esperr.gateway.net.CidrSet;
import com.esperr.gateway.page.PageFile;
import com.esperr.gateway.request.RequestContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code maintenance}. Immutable.
 *
 * @param enabled whether it begins with the gateway
 * @param file that switches it on by being there, or null
 * @param retryAfter what visitors are told to wait
 * @param page what people see, or null for what they see of other failures
 * @param exempt who notices neither maintenance nor pause
 * @param hold how long a request waits for the end of a pause
 * @param maxHeld how many do at once
 */
public record MaintenanceConfig(
        boolean enabled,
        @Nullable Path file,
        Duration retryAfter,
        @Nullable PageFile page,
        CidrSet exempt,
        Duration hold,
        int maxHeld) {
    private static final Duration DAY = Duration.ofDays(1);

    /** Reads the section; blocks on the file of the page. */
    public static MaintenanceConfig read(Section section) {
        List<List<Cidr>> exempt = section.parsedList(
                "exempt-clients", "an address, a CIDR such as 10.0.0.0/8, loopback or private", Cidr::parseNamed);
        Section pause = section.section("pause");
        return new MaintenanceConfig(
                section.flag("enabled"),
                section.parsedOrNull("file", "the path of a file", Path::of),
                section.duration("retry-after", Duration.ofSeconds(1), DAY),
                section.parsedOrNull("page", PageFile.EXPECTED, PageFile::read),
                CidrSet.of(exempt.stream().flatMap(List::stream).toList()),
                pause.duration("hold", Duration.ZERO, Duration.ofMinutes(1)),
                pause.integer("max-held", 0, 1_000_000));
    }

    /** Whether whoever sent {@code request} is to notice nothing. */
    boolean exempts(RequestContext request) {
        var address = request.clientAddress();
        return address != null && exempt.contains(address);
    }

    /** What visitors are told to wait, in whole seconds. */
    String retryAfterSeconds() {
        return Long.toString(retryAfter.toSeconds());
    }
}
