package com.esperr.gateway.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The includes of one HOCON file: only regular files below the directory of that file, after symbolic links are followed.
 * URLs, class path resources, absolute paths and ways out are refused, so that a configuration cannot be made to read a
 * key file, a device or the network. Confined to the thread that reads the configuration.
 */
final class ConfinedIncludes implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*");
    private static final String EXPECTATION = "a relative file below the directory of the including file";

    private final Hocon hocon;
    private final Path file;
    private final String text;
    private final boolean allowed;

    private ConfinedIncludes(Hocon hocon, Path file, String text, boolean allowed) {
        this.hocon = hocon;
        this.file = file;
        this.text = text;
        this.allowed = allowed;
    }

    static ConfigIncluder below(Hocon hocon, Path file, String text) {
        return new ConfinedIncludes(hocon, file, text, true);
    }

    static ConfigIncluder refused(Hocon hocon, Path file, String text) {
        return new ConfinedIncludes(hocon, file, text, false);
    }

    /** Keeps the library's own includer, which reads anything, from being asked after this one. */
    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
        return this;
    }

    @Override
    public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
        // The library has normalised the address; its path is what the file still says.
        return refuse("url(" + what + ")", what.getFile());
    }

    @Override
    public ConfigObject includeResources(ConfigIncludeContext context, String what) {
        return refuse("classpath(" + what + ")", what);
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File what) {
        return include(context, what.getPath());
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
        Path target = SCHEME.matcher(what).matches() ? null : target(what);
        if (!allowed || target == null) {
            return refuse(what, what);
        }
        if (!Files.exists(target)) {
            return missing(context, target, what);
        }
        if (!inside(target) || !hocon.admitsInclude()) {
            return refuse(what, what);
        }
        String included = hocon.text(target);
        return included == null
                ? nothing()
                : hocon.parse(target, included, below(hocon, target, included)).root();
    }

    /** The file meant, or null when its name already leads out of the directory. */
    private @Nullable Path target(String what) {
        try {
            Path directory = directory();
            Path target = directory.resolve(what).normalize();
            boolean below = target.toAbsolutePath()
                    .normalize()
                    .startsWith(directory.toAbsolutePath().normalize());
            return below && !Path.of(what).isAbsolute() ? target : null;
        } catch (InvalidPathException unusable) {
            return null;
        }
    }

    private boolean inside(Path target) {
        try {
            return Files.isRegularFile(target)
                    && target.toRealPath().startsWith(directory().toRealPath());
        } catch (IOException unreadable) {
            return false;
        }
    }

    private Path directory() {
        Path parent = file.getParent();
        return parent == null ? Path.of("") : parent;
    }

    private ConfigObject missing(ConfigIncludeContext context, Path target, String what) {
        hocon.looked().add(target);
        // HOCON's rule: an include may be missing unless it is marked as required.
        if (context.parseOptions().getAllowMissing()) {
            hocon.warnings().add(place(what) + ": include " + target + ": no such file, nothing included");
        } else {
            hocon.report(place(what), "include " + target + ": no such file", "an existing file");
        }
        return nothing();
    }

    private ConfigObject refuse(String shown, String what) {
        String value = Masking.NONE.scrub("include " + shown + ": refused");
        hocon.report(place(what), value, allowed ? EXPECTATION : "a file without includes");
        return nothing();
    }

    private static ConfigObject nothing() {
        return ConfigFactory.empty().root();
    }

    /** The line of the include statement, which the library does not tell. */
    private Location place(String what) {
        Pattern statement = Pattern.compile("^[^#]*?\\binclude\\b.*" + Pattern.quote(what));
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            Matcher matcher = statement.matcher(lines.get(i));
            if (matcher.find()) {
                return new Location(file.toString(), i + 1);
            }
        }
        return new Location(file.toString(), 0);
    }
}
