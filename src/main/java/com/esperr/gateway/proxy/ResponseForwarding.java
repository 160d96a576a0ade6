package com.esperr.gateway.proxy;

import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.HttpDate;
import com.esperr.gateway.http.ResponseHead;
import com.esperr.gateway.http1.HeadWriter;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * Writes the head that the visitor sees of the origin's response: its lines less those that concern only our connection to
 * the origin. Thread-safe; unchanged lines are copied in runs.
 */
final class ResponseForwarding {
    private static final String SERVER_TIMING = "server-timing";

    private final HttpDate date;
    private volatile String via;
    private volatile boolean timing;

    /** The clock of the Date field. */
    HttpDate date() {
        return date;
    }

    ResponseForwarding(HttpDate date, String via) {
        this.date = date;
        this.via = via;
    }

    /** The name in Via from now on. */
    void via(String name) {
        via = name;
    }

    /** Whether visitors are told how long things took, from now on. */
    void timing(boolean told) {
        timing = told;
    }

    /** The head of a final response without what ends here, and with how long things took behind what the origin says about its own. */
    ResponseHead arrived(ResponseHead received, Notes notes) {
        ResponseHead head = ending(received);
        if (!timing) {
            return head;
        }
        // Several lines are one list (W3C Server Timing, section 3.4).
        List<String> theirs = head.fields().all(SERVER_TIMING);
        String ours = notes.serverTiming();
        return head.with(SERVER_TIMING, theirs.isEmpty() ? ours : String.join(", ", theirs) + ", " + ours);
    }

    /**
     * A final head without the lines that end here: what is added to it from now on is ours, and no origin can have named that for its
     * connection. Where else to come (RFC 7838) is not the origin's to say either: it would lead past the gateway.
     */
    static ResponseHead ending(ResponseHead head) {
        Fields fields = head.fields();
        ConnectionOptions options = ConnectionOptions.of(fields);
        if (options.isEmpty() && !fields.contains(FieldName.ALT_SVC)) {
            return head;
        }
        Fields.Builder kept = Fields.builder(fields.size());
        for (int i = 0; i < fields.size(); i++) {
            FieldName known = fields.known(i);
            boolean ends = known == FieldName.CONNECTION || known == FieldName.ALT_SVC || nominated(options, fields, i);
            if (!ends) {
                kept.copy(fields, i);
            }
        }
        return head.with(kept.build());
    }

    /** How the end of the body is told to the visitor. */
    enum Framing {
        /** As the origin told it, by Content-Length, or there is no body. */
        AS_RECEIVED,
        /** By chunks. */
        CHUNKED,
        /** By the end of the connection: an HTTP/1.0 client. */
        CLOSE
    }

    /** What becomes of the visitor's connection after the response. */
    enum Persistence {
        /** Kept, which HTTP/1.1 need not be told. */
        KEEP,
        /** Kept, and an HTTP/1.0 client is told so. */
        KEEP_TOLD,
        /** Closed. */
        CLOSE
    }

    /** Writes a final head to {@code out}, which stays the caller's. */
    void write(ByteBuf out, ResponseHead head, Framing framing, Persistence persistence) {
        copy(out, head);
        Fields fields = head.fields();
        if (!fields.contains(FieldName.DATE)) {
            // RFC 9110 section 6.6.1: a recipient with a clock adds it
            HeadWriter.date(out, date);
        }
        if (framing == Framing.CHUNKED) {
            HeadWriter.field(out, FieldName.TRANSFER_ENCODING, "chunked");
        }
        HeadWriter.field(out, FieldName.VIA, viaList(head));
        if (persistence == Persistence.CLOSE) {
            HeadWriter.field(out, FieldName.CONNECTION, "close");
        } else if (persistence == Persistence.KEEP_TOLD) {
            HeadWriter.field(out, FieldName.CONNECTION, "keep-alive");
        }
        HeadWriter.end(out);
    }

    /** Writes an interim head to {@code out}, which stays the caller's. */
    void writeInterim(ByteBuf out, ResponseHead head) {
        copy(out, head);
        HeadWriter.end(out);
    }

    /** Writes the head of a change to {@code protocol} to {@code out}, which stays the caller's. */
    void writeUpgrade(ByteBuf out, ResponseHead head, String protocol) {
        copy(out, head);
        HeadWriter.field(out, FieldName.CONNECTION, "Upgrade");
        HeadWriter.field(out, FieldName.UPGRADE, protocol);
        HeadWriter.field(out, FieldName.VIA, viaList(head));
        HeadWriter.end(out);
    }

    private static void copy(ByteBuf out, ResponseHead head) {
        Fields fields = head.fields();
        HeadWriter.statusLine(out, head.status(), head.reason());
        ConnectionOptions options = ConnectionOptions.of(fields);
        int runStart = 0;
        for (int i = 0; i < fields.size(); i++) {
            if (!passes(fields, i, head.status(), options)) {
                HeadWriter.lines(out, fields, runStart, i);
                runStart = i + 1;
            }
        }
        HeadWriter.lines(out, fields, runStart, fields.size());
    }

    /** Whether line {@code i} of a head with {@code status} and {@code options} is the visitor's to see. */
    static boolean passes(Fields fields, int i, int status, ConnectionOptions options) {
        return passes(fields, i, status) && !nominated(options, fields, i);
    }

    private static boolean passes(Fields fields, int i, int status) {
        FieldName known = fields.known(i);
        if (known == null) {
            return true;
        }
        return switch (known) {
            case CONNECTION, KEEP_ALIVE, PROXY_CONNECTION, PROXY_AUTHENTICATE, TRANSFER_ENCODING, UPGRADE, TE, VIA ->
                false;
            // there is no body, and these may not say that there is one (RFC 9110 section 8.6)
            case CONTENT_LENGTH -> status >= 200 && status != 204;
            // of a final head it is ours
            case ALT_SVC -> status >= 200;
            default -> true;
        };
    }

    private static boolean nominated(ConnectionOptions options, Fields fields, int i) {
        return fields.known(i) != FieldName.CONTENT_LENGTH && options.names(fields, i);
    }

    /** What the visitor sees as the way that the response came. */
    String viaList(ResponseHead head) {
        String element = head.version().number() + " " + via;
        Fields fields = head.fields();
        return fields.contains(FieldName.VIA) ? String.join(", ", fields.all(FieldName.VIA)) + ", " + element : element;
    }
}
