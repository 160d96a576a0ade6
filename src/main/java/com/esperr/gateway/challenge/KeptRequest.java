package com.esperr.gateway.challenge;

import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.request.RequestContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request that waits for its visitor to pass a challenge: what was to be done, and with what. Who asks is not part of it: the
 * visitor's cookies and credentials are those with which he comes back. Immutable.
 */
public final class KeptRequest {
    private static final int VERSION = 1;
    /** What the body is, and where the page is from that sent it, by which applications know forged requests. */
    private static final Set<String> KEPT = Set.of(
            "content-type",
            "content-encoding",
            "content-language",
            "origin",
            "referer",
            "accept",
            "sec-fetch-site",
            "sec-fetch-mode",
            "sec-fetch-dest",
            "sec-fetch-user");

    /** What the visitor comes back with and the request had none of, or another one. */
    private static final Set<String> REPLACED =
            Set.of("content-length", "transfer-encoding", "expect", "trailer", "te");

    private final String method;
    private final String url;
    private final Fields fields;
    private final byte[] body;

    private KeptRequest(String method, String url, Fields fields, byte[] body) {
        this.method = method;
        this.url = url;
        this.fields = fields;
        this.body = body;
    }

    /** {@code request} with that body. */
    static KeptRequest of(RequestContext request, byte[] body) {
        Fields.Builder kept = Fields.builder(KEPT.size());
        Fields all = request.fields();
        for (int i = 0; i < all.size(); i++) {
            if (KEPT.contains(all.name(i).toLowerCase(Locale.ROOT))) {
                kept.add(all.name(i), all.value(i));
            }
        }
        return new KeptRequest(request.method(), request.url(), kept.build(), body);
    }

    /** The body; not to be changed. */
    public byte[] body() {
        return body;
    }

    /** Whether it is for what {@code request} asks for. */
    boolean isFor(RequestContext request) {
        return url.equals(request.url());
    }

    /** The head of the request, as if its visitor had sent it now, when he has sent {@code now} for {@code target}. */
    public RequestHead head(RequestHead now, String target) {
        Fields.Builder all = Fields.builder(now.fields().size() + fields.size() + 1);
        for (int i = 0; i < now.fields().size(); i++) {
            String name = now.fields().name(i).toLowerCase(Locale.ROOT);
            if (!KEPT.contains(name) && !REPLACED.contains(name)) {
                all.add(now.fields().name(i), now.fields().value(i));
            }
        }
        for (int i = 0; i < fields.size(); i++) {
            all.add(fields.name(i), fields.value(i));
        }
        all.add("Content-Length", Integer.toString(body.length));
        return new RequestHead(method, target, now.version(), all.build(), body.length, now.keepAlive(), false);
    }

    /** Whether {@code request} was sent by a page of the very site that it is for. */
    static boolean isOfThisSite(RequestContext request) {
        String site = request.fields().get("sec-fetch-site");
        String origin = request.fields().get(FieldName.ORIGIN);
        boolean ownOrigin = origin != null && origin.equals(request.scheme() + "://" + request.authority());
        return site == null ? ownOrigin : site.equals("same-origin");
    }

    byte[] write() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length + 512);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            text(out, method);
            text(out, url);
            out.writeShort(fields.size());
            for (int i = 0; i < fields.size(); i++) {
                text(out, fields.name(i));
                text(out, fields.value(i));
            }
            out.writeInt(body.length);
            out.write(body);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    static @Nullable KeptRequest read(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readByte() != VERSION) {
                return null;
            }
            String method = text(in);
            String url = text(in);
            int count = in.readUnsignedShort();
            Fields.Builder fields = Fields.builder(count);
            for (int i = 0; i < count; i++) {
                fields.add(text(in), text(in));
            }
            return new KeptRequest(method, url, fields.build(), in.readNBytes(in.readInt()));
        } catch (IOException anothers) {
            return null;
        }
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        // Heads are ISO-8859-1, and may be longer than writeUTF takes.
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.ISO_8859_1);
    }
}
