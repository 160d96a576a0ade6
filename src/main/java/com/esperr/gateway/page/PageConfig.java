package com.esperr.gateway.page;

import com.esperr.gateway.config.Section;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code pages}: what pages of ours look like. Immutable.
 *
 * @param name what the site is called, or null for the host that was asked for
 * @param accent the colour of buttons on a light page
 * @param accentDark the same on a dark one
 * @param logo a data URI, or null
 * @param contact where people turn to, or null
 * @param language of those who understand none of ours
 * @param files pages of the operator's own
 */
public record PageConfig(
        @Nullable String name,
        Accent accent,
        Accent accentDark,
        @Nullable String logo,
        @Nullable String contact,
        Language language,
        PageFiles files) {
    private static final int LARGEST_LOGO = 32 * 1024;
    private static final Pattern LOGO = Pattern.compile("data:image/[a-z+.-]{1,20};base64,[A-Za-z0-9+/=]+");
    private static final Pattern CONTACT = Pattern.compile("(?:https?://|mailto:|/(?![/\\\\]))[!-~]*");
    private static final Map<String, String> TYPES = Map.of(
            "svg", "svg+xml", "png", "png", "jpg", "jpeg", "jpeg", "jpeg", "webp", "webp", "gif", "gif", "avif",
            "avif");

    /** Reads the section; blocks on the files that it names. */
    public static PageConfig read(Section section) {
        return new PageConfig(
                section.stringOrNull("name"),
                section.parsed("accent", "a colour such as #2f5bd7", new Accent("#000000"), Accent::parse),
                section.parsed("accent-dark", "a colour such as #8fb0ff", new Accent("#ffffff"), Accent::parse),
                section.parsedOrNull(
                        "logo",
                        "a picture of at most 32 KiB: a file named .svg, .png, .jpg, .webp, .gif or .avif, or data:image/...;base64,...",
                        PageConfig::logo),
                section.parsedOrNull("contact", "a URL that begins with https://, http://, mailto: or /", text -> {
                    if (!CONTACT.matcher(text).matches()) {
                        throw new IllegalArgumentException(text);
                    }
                    return text;
                }),
                section.choice("language", Language.class),
                PageFiles.read(section));
    }

    private static String logo(String text) {
        if (text.startsWith("data:")) {
            if (!LOGO.matcher(text).matches() || text.length() > LARGEST_LOGO * 4 / 3 + 64) {
                throw new IllegalArgumentException("no picture");
            }
            return text;
        }
        String type = TYPES.get(text.substring(text.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
        try {
            Path file = Path.of(text);
            if (type == null || Files.size(file) > LARGEST_LOGO) {
                throw new IllegalArgumentException("no picture, or too large");
            }
            return "data:image/" + type + ";base64," + Base64.getEncoder().encodeToString(Files.readAllBytes(file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
