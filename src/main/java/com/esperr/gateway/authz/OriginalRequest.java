package com.esperr.gateway.authz;

import com.esperr.gateway.failure.FailureException;
import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http1.DecoderLimits;
import com.esperr.gateway.http1.RequestHeadReader;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the head of the request that a proxy asks about from the head of its enquiry. It is written as HTTP/1.1 and read by the
 * reader of that, so that nothing is decided on which the gateway itself would refuse. Stateless.
 */
public final class OriginalRequest {
    /** What says where a request went, of whatever proxy: what the profile does not name is not believed, nor shown to policies. */
    private static final Set<String> ROUTING = Set.of(
            "x-original-method",
            "x-original-uri",
            "x-original-url",
            "x-original-host",
            "x-forwarded-method",
            "x-forwarded-uri",
            "x-forwarded-host",
            "x-forwarded-server",
            "x-forwarded-port");

    /** What says something about one connection or one body, and the host, which is written anew. */
    private static final Set<String> FRAMING = Set.of(
            "host",
            "connection",
            "keep-alive",
            "proxy-connection",
            "te",
            "transfer-encoding",
            "content-length",
            "upgrade",
            "expect",
            "max-forwards");

    private OriginalRequest() {}

    /**
     * The head of the request that {@code enquiry} is about; it has no body, as that stays with the proxy.
     *
     * @param to where the enquiry is sent to, and by whom
     * @throws FailureException if it does not say which, or says one that would be refused
     */
    public static RequestHead of(RequestHead enquiry, AuthzConfig to, DecoderLimits limits) {
        Profile profile = to.profile();
        Fields fields = enquiry.fields();
        String method = profile.asItself() ? enquiry.method() : only(fields, profile.methodField());
        String target =
                profile.asItself() ? enquiry.target().substring(to.path().length()) : only(fields, profile.uriField());
        String hostField = profile.hostField();
        String host = hostField == null ? fields.get(FieldName.HOST) : only(fields, hostField);
        Text text = new Text(fields.block().length + method.length() + target.length());
        text.start(method, target);
        if (host != null) {
            text.field("Host", host);
        }
        for (int i = 0; i < fields.size(); i++) {
            boolean missing = profile.emptyIsMissing() && fields.valueStart(i) == fields.valueEnd(i);
            if (!missing && isVisitors(fields.name(i))) {
                text.line(fields, i);
            }
        }
        return text.read(limits);
    }

    /** The head of a request that was described as a whole. */
    static RequestHead of(String method, String target, List<String[]> fields, DecoderLimits limits) {
        Text text = new Text(1024);
        text.start(method, target);
        for (String[] field : fields) {
            text.field(field[0], field[1]);
        }
        return text.read(limits);
    }

    /** Whether a field of that name is about the visitor's request, and not about the enquiry or one connection. */
    static boolean isVisitors(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        boolean ours = lower.startsWith("esper-") || lower.startsWith("x-esper-");
        return !ours && !ROUTING.contains(lower) && !FRAMING.contains(lower) && !lower.startsWith(":");
    }

    private static String only(Fields fields, @Nullable String name) {
        List<String> all = name == null ? List.of() : fields.all(name);
        if (all.size() != 1 || all.get(0).isEmpty()) {
            throw new FailureException(
                    FailureReason.MALFORMED_ENQUIRY,
                    name + ": " + all.size() + " of them (expected: one, with a value)");
        }
        return all.get(0);
    }

    /** A head as it stands in HTTP/1.1. */
    private static final class Text {
        private final ByteArrayOutputStream bytes;

        Text(int size) {
            bytes = new ByteArrayOutputStream(size + 128);
        }

        void start(String method, String target) {
            // Of what stands between the spaces the reader judges; a space more would move them.
            if (method.indexOf(' ') >= 0 || target.indexOf(' ') >= 0) {
                throw new FailureException(FailureReason.MALFORMED_ENQUIRY, "method or target: with a space");
            }
            refuseLineEnds(method);
            refuseLineEnds(target);
            put(method + ' ' + target + " HTTP/1.1\r\n");
        }

        void field(String name, String value) {
            refuseLineEnds(name);
            refuseLineEnds(value);
            put(name + ": " + value + "\r\n");
        }

        /** What is told apart from its line could be more than one. */
        private static void refuseLineEnds(String text) {
            if (text.indexOf('\r') >= 0 || text.indexOf('\n') >= 0) {
                throw new FailureException(FailureReason.MALFORMED_ENQUIRY, "a part of the head: with a line end");
            }
        }

        void line(Fields fields, int i) {
            bytes.write(fields.block(), fields.lineStart(i), fields.lineEnd(i) - fields.lineStart(i));
        }

        RequestHead read(DecoderLimits limits) {
            put("\r\n");
            RequestHeadReader reader = new RequestHeadReader(limits);
            RequestHead head = reader.read(bytes.toByteArray());
            if (head == null) {
                throw new FailureException(
                        reader.fault().reason(), reader.fault().detail());
            }
            return new RequestHead(
                    head.method(), head.target(), head.version(), head.fields(), BodyLength.NONE, true, false);
        }

        private void put(String text) {
            byte[] some = text.getBytes(StandardCharsets.ISO_8859_1);
            bytes.write(some, 0, some.length);
        }
    }
}
