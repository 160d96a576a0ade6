package com.esperr.gateway.authz;

import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.LocalReply;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * What Envoy is told over gRPC: a message {@code envoy.service.auth.v3.CheckResponse} in the one frame of a response. Stateless.
 */
public final class CheckResponse {
    private static final Fields HEAD =
            Fields.builder(1).add("Content-Type", "application/grpc").build();
    private static final Fields GOOD = Fields.builder(1).add("grpc-status", "0").build();

    private static final int PERMISSION_DENIED = 7;
    /** OVERWRITE_IF_EXISTS_OR_ADD: the visitor's own field of that name counts for nothing. */
    private static final int OVERWRITE = 2;

    private CheckResponse() {}

    /** The request may pass; it goes on with {@code fields}, and without those that {@code removed} names. */
    public static LocalReply allowed(Fields fields, Iterable<String> removed) {
        return reply(out -> {
            // 1 status, empty: OK
            nested(out, 1, status -> {});
            // 3 ok_response: 2 headers, 5 headers_to_remove
            nested(out, 3, ok -> {
                headers(ok, fields);
                for (String name : removed) {
                    ok.writeString(5, name);
                }
            });
        });
    }

    /** The visitor gets {@code reply}. */
    public static LocalReply denied(LocalReply reply) {
        return reply(out -> {
            nested(out, 1, status -> status.writeInt32(1, PERMISSION_DENIED));
            // 2 denied_response: 1 status, 2 headers, 3 body
            nested(out, 2, denied -> {
                nested(denied, 1, status -> status.writeInt32(1, reply.status()));
                headers(denied, reply.fields());
                denied.writeString(3, new String(reply.body(), StandardCharsets.UTF_8));
            });
        });
    }

    private static void headers(CodedOutputStream out, Fields fields) throws IOException {
        for (int i = 0; i < fields.size(); i++) {
            // Envoy measures the body itself.
            if (!fields.nameEquals(i, "content-length")) {
                String name = fields.name(i);
                String value = fields.value(i);
                boolean cookie = fields.nameEquals(i, "set-cookie");
                nested(out, 2, option -> {
                    nested(option, 1, header -> {
                        header.writeString(1, name);
                        header.writeString(2, value);
                    });
                    if (!cookie) {
                        option.writeInt32(3, OVERWRITE);
                    }
                });
            }
        }
    }

    private interface Content {
        void write(CodedOutputStream out) throws IOException;
    }

    private static void nested(CodedOutputStream out, int field, Content content) throws IOException {
        out.writeByteArray(field, bytes(content));
    }

    private static byte[] bytes(Content content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        content.write(out);
        out.flush();
        return bytes.toByteArray();
    }

    private static LocalReply reply(Content content) {
        try {
            byte[] message = bytes(content);
            byte[] body = new byte[message.length + 5];
            for (int i = 1; i <= 4; i++) {
                body[i] = (byte) (message.length >>> (32 - 8 * i));
            }
            System.arraycopy(message, 0, body, 5, message.length);
            return new LocalReply(200, HEAD, body, GOOD);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
