package com.esperr.gateway.proxy;

import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.HttpDate;
import com.esperr.gateway.http.LocalReply;
import com.esperr.gateway.http1.HeadWriter;
import io.netty.buffer.ByteBuf;

/** Writes a reply of our own as HTTP/1.1. Stateless. */
final class ReplyWriter {
    private ReplyWriter() {}

    /** Writes head and body to {@code out}, which stays the caller's; returns the length of the body written. */
    static int write(ByteBuf out, LocalReply reply, HttpDate date, boolean close, boolean http10, boolean headOnly) {
        HeadWriter.statusLine(out, reply.status(), reply.reason());
        HeadWriter.lines(out, reply.fields(), 0, reply.fields().size());
        HeadWriter.date(out, date);
        if (close) {
            HeadWriter.field(out, FieldName.CONNECTION, "close");
        } else if (http10) {
            HeadWriter.field(out, FieldName.CONNECTION, "keep-alive");
        }
        HeadWriter.end(out);
        if (headOnly) {
            return 0;
        }
        out.writeBytes(reply.body());
        return reply.body().length;
    }
}
