package com.esperr.gateway.authz;

import com.esperr.gateway.config.Section;

/**
 * Section {@code authz} of a listener. Immutable.
 *
 * @param profile who asks there
 * @param path where, without a closing slash
 */
public record AuthzConfig(Profile profile, String path) {
    /** Nobody asks. */
    public static final AuthzConfig OFF = new AuthzConfig(Profile.OFF, "/authz");

    /** Reads the section. */
    public static AuthzConfig read(Section section) {
        return new AuthzConfig(
                section.choice("profile", Profile.class),
                section.parsed("path", "a path such as /authz, without a closing slash", OFF.path, AuthzConfig::path));
    }

    private static String path(String text) {
        boolean plain = text.startsWith("/") && !text.endsWith("/") && !text.contains("//");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
            plain &= letter || (c >= '0' && c <= '9') || "/-_.".indexOf(c) >= 0;
        }
        if (!plain) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }

    /** What a request for {@code target} is, on a listener where somebody asks. */
    public Kind kind(String target) {
        int mark = target.indexOf('?');
        String asked = mark < 0 ? target : target.substring(0, mark);
        if (profile == Profile.ENVOY) {
            if (asked.equals(CheckRequest.METHOD)) {
                return Kind.CALL;
            }
            return asked.startsWith(path + '/') ? Kind.ENQUIRY : Kind.OTHER;
        }
        if (asked.equals(path)) {
            return Kind.ENQUIRY;
        }
        return profile.delivers() && asked.equals(path + "/answer") ? Kind.DELIVERY : Kind.OTHER;
    }

    /** What a request on such a listener can be. */
    public enum Kind {
        /** It asks about another one. */
        ENQUIRY,
        /** It asks for the page of an answer that was given before. */
        DELIVERY,
        /** It is a call of Envoy's gRPC service. */
        CALL,
        /** It is for itself: for a page of our own, or for nothing. */
        OTHER
    }
}
