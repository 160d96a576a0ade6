package com.esperr.gateway.http;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The form in which a client understands an answer of ours. */
public enum ClientForm {
    /** A person looks at it: a page, and a redirect to a challenge. */
    HTML,
    /** A program reads it: {@code application/problem+json} (RFC 9457), and the challenge as a URL in it. */
    PROBLEM_JSON,
    /** htmx swaps it into a page: problem+json, and a challenge as {@code HX-Redirect}. */
    HTMX,
    /** An image, a style sheet, a script: a line of text, because a page in its place is never seen. */
    SUBRESOURCE,
    /** A gRPC client reads {@code grpc-status} from a response of headers only. */
    GRPC,
    /** So does gRPC-Web, under a type of its own. */
    GRPC_WEB,
    /** A WebSocket that is to be opened: a refused handshake, of which a script in a browser sees nothing. */
    WEBSOCKET,
    /** A CORS preflight: no body, and never a challenge, because it carries no cookies to show that one was passed. */
    PREFLIGHT;

    /** What the choice depends on, as the value of {@code Vary}. */
    static final String VARY =
            "Accept, Sec-Fetch-Mode, Sec-Fetch-Dest, X-Requested-With, HX-Request, Content-Type, Upgrade";

    private static final Set<String> NAVIGATIONS = Set.of("document", "iframe", "frame", "object", "embed");
    private static final Set<String> PAGE_PARTS = Set.of(
            "image",
            "script",
            "style",
            "font",
            "audio",
            "video",
            "track",
            "manifest",
            "worker",
            "sharedworker",
            "serviceworker",
            "audioworklet",
            "paintworklet",
            "xslt",
            "report",
            "json",
            "webidentity");
    private static final Set<String> PAGE_PART_TYPES = Set.of("image", "audio", "video", "font");

    /**
     * The form for a request. In this order: a preflight; gRPC; a WebSocket; htmx; what the browser says about itself ({@code Sec-Fetch-Dest},
     * {@code Sec-Fetch-Mode}); {@code X-Requested-With: XMLHttpRequest}; a JSON body; what {@code Accept} names. A client that accepts
     * everything and says nothing else, such as curl, is a program.
     */
    public static ClientForm of(String method, Fields fields) {
        if (method.equals("OPTIONS")
                && fields.contains(FieldName.ORIGIN)
                && fields.contains(FieldName.ACCESS_CONTROL_REQUEST_METHOD)) {
            return PREFLIGHT;
        }
        ClientForm protocol = ofProtocol(fields);
        if (protocol != null) {
            return protocol;
        }
        if (is("true", fields.get("hx-request"))) {
            return HTMX;
        }
        ClientForm told = ofFetchMetadata(fields.get(FieldName.SEC_FETCH_MODE), fields.get(FieldName.SEC_FETCH_DEST));
        if (told != null) {
            return told;
        }
        // Android's web views put the name of their app here for navigations too, so only this one value says anything.
        if (is("XMLHttpRequest", fields.get(FieldName.X_REQUESTED_WITH))
                || isJson(fields.get(FieldName.CONTENT_TYPE))) {
            return PROBLEM_JSON;
        }
        return ofAccept(AcceptedTypes.parse(fields.all(FieldName.ACCEPT)));
    }

    private static @Nullable ClientForm ofProtocol(Fields fields) {
        String type = fields.get(FieldName.CONTENT_TYPE);
        if (type != null && startsWith(type, "application/grpc")) {
            return startsWith(type, "application/grpc-web") ? GRPC_WEB : GRPC;
        }
        boolean upgrade = is("websocket", fields.get(FieldName.UPGRADE));
        return upgrade || is("websocket", fields.get(FieldName.SEC_FETCH_MODE)) ? WEBSOCKET : null;
    }

    private static boolean startsWith(String text, String beginning) {
        return text.regionMatches(/* ignoreCase= */ true, 0, beginning, 0, beginning.length());
    }

    private static @Nullable ClientForm ofFetchMetadata(@Nullable String mode, @Nullable String destination) {
        if (is("navigate", mode) || (destination != null && NAVIGATIONS.contains(destination))) {
            return HTML;
        }
        if (destination != null && PAGE_PARTS.contains(destination)) {
            return SUBRESOURCE;
        }
        return mode == null && destination == null ? null : PROBLEM_JSON;
    }

    private static ClientForm ofAccept(AcceptedTypes accepted) {
        int html = Math.max(accepted.weight("text", "html"), accepted.weight("application", "xhtml+xml"));
        if (html > 0 && html >= accepted.jsonWeight()) {
            return HTML;
        }
        boolean style =
                accepted.firstType().equals("text") && accepted.firstSubtype().equals("css");
        return style || PAGE_PART_TYPES.contains(accepted.firstType()) ? SUBRESOURCE : PROBLEM_JSON;
    }

    private static boolean is(String expected, @Nullable String value) {
        return value != null && value.equalsIgnoreCase(expected);
    }

    private static boolean isJson(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        AcceptedTypes sent = AcceptedTypes.parse(List.of(contentType));
        return sent.jsonWeight() > 0;
    }
}
