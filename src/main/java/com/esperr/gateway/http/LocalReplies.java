package com.esperr.gateway.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one place where answers of our own are made, so that each has the form its client understands, is stored by nobody, and carries
 * the reference under which it stands in the log. Whatever is put into a body or a field is escaped here. Immutable, thread-safe.
 */
public final class LocalReplies {

    /** The value of Allow. */
    public static final String ALLOWED = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    /** Long enough for a restart of a connection pool, short enough for a person. */
    private static final String RETRY_AFTER_SECONDS = "2";

    private static final Fields NOT_KEPT =
            Fields.builder(1).add("Esper-Request", "not-kept").build();

    private final ReplyPage page = ReplyPage.load();

    /** 403 for a request that a decision blocks. */
    public LocalReply blocked(ClientForm form, String reference) {
        return of(new Answer(403, form, reference, null, Fields.EMPTY), "block");
    }

    /** 204 for an OPTIONS whose Max-Forwards ends here (RFC 9110 7.6.2). */
    public LocalReply options(String reference) {
        Fields fields = Fields.builder(4)
                .add("Allow", ALLOWED)
                .add("Cache-Control", "no-store")
                .add("Esper-Reference", Escapes.url(reference))
                .build();
        return new LocalReply(204, fields, new byte[0]);
    }

    /** Sends anybody to {@code location}, which is passed on byte for byte, with a status such as 308. */
    public LocalReply moved(int status, String reference, String location) {
        Fields fields = Fields.builder(4)
                .add("Location", location)
                .add("Content-Length", "0")
                .add("Cache-Control", "no-store")
                .add("Esper-Reference", Escapes.url(reference))
                .build();
        return new LocalReply(status, fields, new byte[0]);
    }

    /** 200 with a file of this gateway's own. */
    public LocalReply file(String content, String reference) {
        byte[] body = content.getBytes(StandardCharsets.UTF_8);
        Fields fields = Fields.builder(4)
                .add("Content-Type", "application/octet-stream")
                .add("Content-Length", Integer.toString(body.length))
                .add("Cache-Control", "no-store")
                .add("Esper-Reference", Escapes.url(reference))
                .build();
        return new LocalReply(200, fields, body);
    }

    /** The answer to a request that failed or was refused. */
    public LocalReply failure(ClientForm form, int status, String reference) {
        return failure(form, status, reference, Fields.EMPTY);
    }

    /**
     * The answer to a request that failed or was refused, with further header lines. {@code Allow} of a 405 and {@code Retry-After} of
     * a 503 are written unless {@code extra} has them.
     */
    public LocalReply failure(ClientForm form, int status, String reference, Fields extra) {
        return of(new Answer(status, form, reference, null, extra), null);
    }

    /**
     * Sends a visitor to a challenge: a navigation by redirect, 302 for GET and HEAD, otherwise 303 so that the body is not sent there;
     * a program by 403 with the URL in it. A URL that is neither http nor https nor a path of this host is not passed on: 403 without.
     */
    public LocalReply challenge(ClientForm form, String method, String reference, String redirectUrl) {
        String url = Escapes.url(redirectUrl);
        if (!leadsToAPage(url)) {
            return blocked(form, reference);
        }
        boolean keepsMethod = method.equals("GET") || method.equals("HEAD");
        int status = form != ClientForm.HTML ? 403 : keepsMethod ? 302 : 303;
        return of(new Answer(status, form, reference, url, Fields.EMPTY), "challenge");
    }

    /**
     * Sends somebody who has passed a challenge to what he asked for.
     *
     * @param location a path and query on this site, passed on byte for byte
     * @param cookie the value of Set-Cookie, or null for none
     */
    public LocalReply admitted(String reference, String location, @Nullable String cookie) {
        Fields.Builder fields = Fields.builder(8)
                .add("Location", location)
                .add("Content-Length", "0")
                .add("Cache-Control", "no-store")
                .add("Referrer-Policy", "no-referrer")
                .add("Esper-Reference", Escapes.url(reference));
        if (cookie != null) {
            fields.add("Set-Cookie", cookie);
        }
        return new LocalReply(302, fields.build(), new byte[0]);
    }

    /** 403 for a page that has sent more than can be kept while its visitor passes the challenge at {@code redirectUrl}. */
    public LocalReply notKept(String reference, String redirectUrl) {
        String url = Escapes.url(redirectUrl);
        Answer answer = new Answer(403, ClientForm.HTML, reference, leadsToAPage(url) ? url : null, NOT_KEPT);
        return of(answer, "challenge");
    }

    private LocalReply of(Answer answer, @Nullable String mitigated) {
        byte[] body = body(answer).getBytes(StandardCharsets.UTF_8);
        Fields.Builder fields = Fields.builder(16);
        addCommon(fields, answer, mitigated, body.length);
        addChallenge(fields, answer);
        boolean grpc = answer.form == ClientForm.GRPC || answer.form == ClientForm.GRPC_WEB;
        if (grpc) {
            fields.add("grpc-status", Integer.toString(GrpcStatus.of(answer.status, answer.challengeUrl != null)));
            fields.add("grpc-message", GrpcStatus.message(answer.title() + " (reference " + answer.reference + ")"));
        }
        if (answer.form == ClientForm.HTML) {
            fields.add("Content-Security-Policy", page.contentSecurityPolicy());
            fields.add("Referrer-Policy", "no-referrer");
            fields.add("X-Frame-Options", "DENY");
        }
        Fields extra = answer.extra;
        if (answer.status == 405 && !extra.contains("allow")) {
            fields.add("Allow", ALLOWED);
        }
        if (answer.status == 503 && !extra.contains("retry-after")) {
            fields.add("Retry-After", RETRY_AFTER_SECONDS);
        }
        for (int i = 0; i < extra.size(); i++) {
            fields.add(extra.name(i), extra.value(i));
        }
        // The status of a call is in its fields; that of HTTP says that there was an answer.
        return new LocalReply(grpc ? 200 : answer.status, fields.build(), body);
    }

    private static void addCommon(Fields.Builder fields, Answer answer, @Nullable String mitigated, int length) {
        String type = switch (answer.form) {
            case HTML -> "text/html; charset=utf-8";
            case PROBLEM_JSON, HTMX -> "application/problem+json";
            case SUBRESOURCE, WEBSOCKET -> "text/plain; charset=utf-8";
            case GRPC -> "application/grpc";
            case GRPC_WEB -> "application/grpc-web+proto";
            case PREFLIGHT -> null;
        };
        if (type != null) {
            fields.add("Content-Type", type);
        }
        fields.add("Content-Length", Integer.toString(length));
        fields.add("Cache-Control", "no-store");
        fields.add("Vary", ClientForm.VARY);
        fields.add("X-Content-Type-Options", "nosniff");
        fields.add("Esper-Reference", Escapes.url(answer.reference));
        if (mitigated != null) {
            fields.add("Esper-Mitigated", mitigated);
        }
    }

    private static void addChallenge(Fields.Builder fields, Answer answer) {
        if (answer.challengeUrl == null) {
            return;
        }
        switch (answer.form) {
            case HTML -> {
                if (answer.extra != NOT_KEPT) {
                    fields.add("Location", answer.challengeUrl);
                }
            }
            case HTMX -> fields.add("HX-Redirect", answer.challengeUrl);
            case PROBLEM_JSON, GRPC, GRPC_WEB, WEBSOCKET, SUBRESOURCE, PREFLIGHT -> {}
        }
        if (answer.form != ClientForm.HTML && answer.form != ClientForm.SUBRESOURCE) {
            fields.add("Esper-Challenge", answer.challengeUrl);
        }
    }

    private String body(Answer answer) {
        return switch (answer.form) {
            case HTML -> page.fill(pageValues(answer));
            case PROBLEM_JSON, HTMX -> problem(answer);
            case SUBRESOURCE, WEBSOCKET -> answer.title() + " (reference " + answer.reference + ")\n";
            case GRPC, GRPC_WEB, PREFLIGHT -> "";
        };
    }

    private static Map<String, String> pageValues(Answer answer) {
        String url = answer.challengeUrl;
        return Map.of(
                "status",
                Integer.toString(answer.status),
                "title",
                url == null ? answer.title() : "One moment",
                "text",
                answer.detail(),
                "url",
                url == null ? "" : url,
                "link",
                url == null ? "" : "Continue",
                "reference",
                answer.reference);
    }

    /** RFC 9457; with type {@code about:blank} the title is the reason phrase. */
    private static String problem(Answer answer) {
        StringBuilder json = new StringBuilder(256).append("{\"type\":\"about:blank\"");
        member(json, "title", answer.title());
        json.append(",\"status\":").append(answer.status);
        member(json, "detail", answer.detail());
        if (answer.challengeUrl != null) {
            member(json, "challenge_url", answer.challengeUrl);
        }
        member(json, "reference", answer.reference);
        return json.append("}\n").toString();
    }

    private static void member(StringBuilder json, String name, String value) {
        json.append(",\"")
                .append(name)
                .append("\":\"")
                .append(Escapes.json(value))
                .append('"');
    }

    private static boolean leadsToAPage(String url) {
        boolean absolute = url.regionMatches(/* ignoreCase= */ true, 0, "https://", 0, 8)
                || url.regionMatches(/* ignoreCase= */ true, 0, "http://", 0, 7);
        return absolute || (url.startsWith("/") && !url.startsWith("//"));
    }

    private record Answer(
            int status,
            ClientForm form,
            String reference,
            @Nullable String challengeUrl,
            Fields extra) {

        String title() {
            return StatusText.reason(status);
        }

        String detail() {
            if (extra == NOT_KEPT) {
                return "This site checks that its visitors are not robots. What you have just sent is too large to be kept"
                        + " meanwhile: please go back after the check and send it again.";
            }
            return challengeUrl == null
                    ? StatusText.detail(status)
                    : "This site checks that its visitors are not robots before it lets them in.";
        }
    }
}
