package com.esperr.gateway.transport;

import com.esperr.gateway.http.FieldName;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http1.HeadWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;

/**
 * The head of a call, complete but for its length, so that only the body is made anew each time. Immutable.
 */
public final class PreparedCall {
    private static final String LENGTH = "Content-Length: ";
    private static final int MAX_DIGITS = 10;
    private static final int END = 4;
    private static final int FIRST_CAPACITY = 2048;

    private final String method;
    private final byte[] head;

    private PreparedCall(String method, byte[] head) {
        this.method = method;
        this.head = head;
    }

    static PreparedCall of(String method, String target, String host, Fields fields) {
        ByteBuf head = Unpooled.buffer();
        HeadWriter.requestLine(head, method, target);
        HeadWriter.field(head, FieldName.HOST, host);
        HeadWriter.lines(head, fields, 0, fields.size());
        ByteBufUtil.writeAscii(head, LENGTH);
        return new PreparedCall(method, ByteBufUtil.getBytes(head));
    }

    String method() {
        return method;
    }

    /** The whole request in one buffer, which the caller releases. */
    ByteBuf write(ByteBufAllocator allocator, BodyWriter body) throws IOException {
        // The length is known only after the body: the body is written behind a gap and the head put in front of it.
        int gap = head.length + MAX_DIGITS + END;
        ByteBuf request = allocator.directBuffer(Math.max(FIRST_CAPACITY, 2 * gap));
        boolean complete = false;
        try {
            request.writerIndex(gap);
            ByteBufOutputStream out = new ByteBufOutputStream(request);
            body.writeTo(out);
            prepend(request, gap);
            complete = true;
            return request;
        } finally {
            if (!complete) {
                request.release();
            }
        }
    }

    private void prepend(ByteBuf request, int gap) {
        int at = gap - END;
        request.setByte(at, '\r').setByte(at + 1, '\n').setByte(at + 2, '\r').setByte(at + 3, '\n');
        int rest = request.writerIndex() - gap;
        do {
            request.setByte(--at, '0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        at -= head.length;
        request.setBytes(at, head);
        request.readerIndex(at);
    }
}
