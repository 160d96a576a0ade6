package com.esperr.gateway.http1;

import com.esperr.gateway.failure.FailureReason;
import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.MessageEnd;
import io.netty.buffer.ByteBuf;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the trailer section of a chunked body and refuses fields that would change what was already decided: framing,
 * routing, credentials and identity (RFC 9110 section 6.5.1). Confined to the event loop of its channel.
 */
final class TrailerScanner {
    /** What the gateway reads or edits in a head is never taken from a trailer; these it only passes on. */
    private static final Set<FieldName> PASSED =
            EnumSet.of(FieldName.DATE, FieldName.SERVER, FieldName.VIA, FieldName.ACCEPT, FieldName.ACCEPT_LANGUAGE);

    private static final Set<String> REFUSED = Stream.concat(
                    EnumSet.complementOf(EnumSet.copyOf(PASSED)).stream().map(FieldName::text),
                    Stream.of(
                            "www-authenticate",
                            "set-cookie2",
                            "cf-connecting-ip",
                            "true-client-ip",
                            "x-client-ip",
                            "x-cluster-client-ip",
                            "x-http-method-override",
                            "content-encoding",
                            "content-location",
                            "content-range",
                            "location",
                            "range"))
            .collect(Collectors.toUnmodifiableSet());
    private static final List<String> REFUSED_PREFIXES =
            List.of("x-forwarded-", "x-original-", "x-rewrite-", "esper-", "x-esper-", "proxy-");

    private final HeadBytes bytes;
    private final FieldScanner scanner;
    private final boolean drops;
    private MessageEnd end = MessageEnd.PLAIN;
    private @Nullable BadMessage fault;

    /** A scanner that refuses such fields, or with {@code drops} leaves them out. */
    TrailerScanner(DecoderLimits limits, boolean drops) {
        this.drops = drops;
        bytes = HeadBytes.atMost(limits.headerBytes() + 2L);
        scanner = FieldScanner.ofTrailers(limits, FailureReason.MALFORMED_BODY);
    }

    /** Prepares for the trailers of the next message. */
    void begin() {
        bytes.clear();
        scanner.begin(0);
        end = MessageEnd.PLAIN;
        fault = null;
    }

    /** Reads on, up to the empty line that ends the message. */
    Scan scan(ByteBuf in) {
        while (bytes.fill(in)) {
            Scan scan = scanner.scan(bytes.bytes(), bytes.length());
            if (scan == Scan.BAD) {
                fault = scanner.fault();
                return scan;
            }
            if (scan == Scan.DONE) {
                return finish(in);
            }
        }
        return Scan.MORE;
    }

    /** The end of the message, after {@code DONE}. */
    MessageEnd end() {
        return end;
    }

    /** Why, after {@code BAD}. */
    BadMessage fault() {
        return fault == null ? new BadMessage(FailureReason.MALFORMED_BODY, "trailers: not read") : fault;
    }

    private Scan finish(ByteBuf in) {
        Fields fields = scanner.fields(bytes.finish(in, scanner.end()));
        for (int i = 0; i < fields.size(); i++) {
            if (refused(fields, i)) {
                if (!drops) {
                    fault = new BadMessage(FailureReason.MALFORMED_BODY, "trailer: a field that must be in the head");
                    return Scan.BAD;
                }
                fields = harmless(fields);
                break;
            }
        }
        end = fields.size() == 0 ? MessageEnd.PLAIN : new MessageEnd(fields);
        return Scan.DONE;
    }

    private static Fields harmless(Fields all) {
        Fields.Builder kept = Fields.builder(all.size());
        for (int i = 0; i < all.size(); i++) {
            if (!refused(all, i)) {
                kept.add(all.name(i), all.value(i));
            }
        }
        return kept.build();
    }

    private static boolean refused(Fields fields, int line) {
        FieldName known = fields.known(line);
        if (known != null) {
            return !PASSED.contains(known);
        }
        // An origin behind CGI cannot tell "_" and the like from "-".
        String name = fields.name(line).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "-");
        return REFUSED.contains(name) || REFUSED_PREFIXES.stream().anyMatch(name::startsWith);
    }
}
