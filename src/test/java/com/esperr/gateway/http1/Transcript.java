package com.esperr.gateway.http1;

import com.esperr.gateway.http.Fields;
import com.esperr.gateway.http.MessageEnd;
import com.esperr.gateway.http.RequestHead;
import com.esperr.gateway.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The last handler behind a decoder: writes down what is fired, body pieces joined so that the cuts do not show, and does
 * what the test asks after each thing.
 */
final class Transcript extends ChannelInboundHandlerAdapter {
    private final List<String> lines = new ArrayList<>();
    private final List<Object> messages = new ArrayList<>();
    private final StringBuilder data = new StringBuilder();
    private final Runnable after;
    private int pieces;

    /** A transcript that runs {@code after} behind each head, end and fault. */
    Transcript(Runnable after) {
        this.after = after;
    }

    /** What was fired, one line each. */
    List<String> lines() {
        List<String> all = new ArrayList<>(lines);
        if (data.length() > 0) {
            all.add("DATA " + data);
        }
        return all;
    }

    /** The heads, ends and faults. */
    List<Object> messages() {
        return messages;
    }

    /** How many body pieces were fired. */
    int pieces() {
        return pieces;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf piece) {
            pieces++;
            data.append(piece.isReadable() ? piece.toString(StandardCharsets.ISO_8859_1) : "<empty>");
            piece.release();
            return;
        }
        if (data.length() > 0) {
            lines.add("DATA " + data);
            data.setLength(0);
        }
        messages.add(message);
        lines.add(text(message));
        after.run();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        channelRead(ctx, "INACTIVE");
    }

    private static String text(Object message) {
        if (message instanceof RequestHead head) {
            return "HEAD " + head.method() + " " + head.target() + " "
                    + head.version().number()
                    + " length=" + head.bodyLength() + (head.keepAlive() ? " keep" : " close")
                    + (head.expectsContinue() ? " expects" : "") + fields(head.fields());
        }
        if (message instanceof ResponseHead head) {
            return "HEAD " + head.status() + " '" + head.reason() + "' "
                    + head.version().number() + " length=" + head.bodyLength() + (head.keepAlive() ? " keep" : " close")
                    + fields(head.fields());
        }
        if (message instanceof MessageEnd end) {
            return "END" + fields(end.trailers());
        }
        return message instanceof BadMessage bad ? "BAD " + bad.reason() : message.toString();
    }

    private static String fields(Fields fields) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < fields.size(); i++) {
            text.append(" [")
                    .append(fields.name(i))
                    .append('=')
                    .append(fields.value(i))
                    .append(']');
        }
        return text.toString();
    }
}
