package com.esperr.gateway.compression;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.http.AcceptedCodings;
import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.HttpVersion;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http.ResponseHead;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Chooses the coding of responses and counts what came of it. Thread-safe. */
public final class Compression {
    static final String HEAD = "HEAD";

    private static final String ACCEPT_ENCODING = "Accept-Encoding";

    private final CompressionConfig config;
    private final Eligibility eligibility;
    private final List<String> offered;
    private final Counts counts;

    /** What came of it, whatever is configured meanwhile. */
    private static final class Counts {
        private final AtomicInteger open = new AtomicInteger();
        private volatile int most;
        private final LongAdder responses = new LongAdder();
        private final LongAdder crowded = new LongAdder();
        private final LongAdder read = new LongAdder();
        private final LongAdder written = new LongAdder();
    }

    public Compression(CompressionConfig config) {
        this(config, new Counts());
    }

    private Compression(CompressionConfig config, Counts counts) {
        this.config = config;
        this.counts = counts;
        counts.most = config.atOnce();
        this.eligibility = new Eligibility(config);
        this.offered = config.codings().stream().map(Coding::label).toList();
    }

    /** The same, counted together, as another configuration wants it. */
    public Compression with(CompressionConfig other) {
        return new Compression(other, counts);
    }

    /** Whether any response is compressed. */
    public boolean enabled() {
        return config.enabled();
    }

    /**
     * How a response leaves.
     *
     * @param head the head that says so
     * @param encoder what its body goes through, or null if it stays as it is; the caller's to {@link #done close}
     */
    public record Shape(ResponseHead head, @Nullable Encoder encoder) {}

    /** How the origin's final response {@code head} to {@code asked} leaves. */
    public Shape shape(ResponseHead head, RequestHead asked) {
        if (head.status() == 304) {
            return new Shape(Validators.notModified(head, asked), null);
        }
        if (!eligibility.of(head, asked)) {
            return new Shape(head, null);
        }
        Coding coding = coding(head, asked);
        if (coding == null) {
            return new Shape(varied(head), null);
        }
        if (asked.method().equals(HEAD)) {
            // A length would have to be that of the body which a GET brings (RFC 9110 section 8.6).
            return new Shape(encoded(head, coding, BodyLength.NONE), null);
        }
        if (counts.open.incrementAndGet() > config.atOnce()) {
            counts.open.decrementAndGet();
            counts.crowded.increment();
            return new Shape(varied(head), null);
        }
        try {
            Encoder encoder = coding.encoder(config.level());
            counts.responses.increment();
            return new Shape(encoded(head, coding, BodyLength.CHUNKED), encoder);
        } catch (RuntimeException | Error defect) {
            counts.open.decrementAndGet();
            throw defect;
        }
    }

    private @Nullable Coding coding(ResponseHead head, RequestHead asked) {
        // Without chunks the end of what has no length is the end of the connection: not worth it for HTTP/1.0.
        boolean body = head.bodyLength() != BodyLength.NONE || asked.method().equals(HEAD);
        if (asked.version() == HttpVersion.HTTP_1_0 || !body) {
            return null;
        }
        List<String> lines = asked.fields().all(FieldName.ACCEPT_ENCODING);
        String best = lines.isEmpty() ? null : AcceptedCodings.parse(lines).best(offered);
        return best == null ? null : config.codings().get(offered.indexOf(best));
    }

    private static ResponseHead encoded(ResponseHead head, Coding coding, long length) {
        Fields fields = head.fields();
        Fields.Builder edited = Fields.builder(fields.size() + 2);
        for (int i = 0; i < fields.size(); i++) {
            boolean etag = fields.nameEquals(i, Validators.ETAG);
            if (etag) {
                edited.add("ETag", Validators.weak(fields.value(i)));
            } else if (fields.known(i) != FieldName.CONTENT_LENGTH && !fields.nameEquals(i, "accept-ranges")) {
                // Ranges would be of the other form of the body.
                edited.copy(fields, i);
            }
        }
        edited.add("Content-Encoding", coding.label());
        if (!varies(fields)) {
            edited.add("Vary", ACCEPT_ENCODING);
        }
        return new ResponseHead(head.status(), head.reason(), head.version(), edited.build(), length, head.keepAlive());
    }

    /** The head of a response that others would get in another form. */
    static ResponseHead varied(ResponseHead head) {
        Fields fields = head.fields();
        if (varies(fields)) {
            return head;
        }
        Fields.Builder edited = Fields.builder(fields.size() + 1);
        for (int i = 0; i < fields.size(); i++) {
            edited.copy(fields, i);
        }
        return head.with(edited.add("Vary", ACCEPT_ENCODING).build());
    }

    private static boolean varies(Fields fields) {
        for (String line : fields.all("vary")) {
            for (String name : line.toLowerCase(Locale.ROOT).split(",", -1)) {
                if (name.strip().equals("accept-encoding") || name.strip().equals("*")) {
                    return true;
                }
            }
        }
        return false;
    }

    /** An encoder is closed, after so many bytes. */
    public void done(Encoder encoder, long bytesIn, long bytesOut) {
        counts.open.decrementAndGet();
        encoder.close();
        counts.read.add(bytesIn);
        counts.written.add(bytesOut);
    }

    /** Responses that are being compressed. */
    public long open() {
        return counts.open.get();
    }

    /** The same of those that may be, as is configured now. */
    public Fill fill() {
        return Fill.of(Bounded.COMPRESSIONS, counts.open::get, () -> counts.most, counts.crowded::sum);
    }

    /** Responses that were compressed, since the start. */
    public long responses() {
        return counts.responses.sum();
    }

    /** Those that were not, because too many were. */
    public long crowded() {
        return counts.crowded.sum();
    }

    /** Bytes of bodies before compression. */
    public long read() {
        return counts.read.sum();
    }

    /** Bytes of bodies after compression. */
    public long written() {
        return counts.written.sum();
    }
}
