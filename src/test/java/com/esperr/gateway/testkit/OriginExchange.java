package com.esperr.gateway.testkit;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One request at a test server together with the means to answer it. Confined to the thread of its connection.
 */
public final class OriginExchange {

    private static final int POLL_MILLIS = 20;

    private final ReceivedRequest request;
    private final Socket socket;
    private final WireReader reader;
    private final OutputStream out;
    private long unread;
    private boolean bodyDone;
    private boolean closing;

    OriginExchange(ReceivedRequest request, Socket socket, WireReader reader) throws IOException {
        this.request = request;
        this.socket = socket;
        this.reader = reader;
        this.out = socket.getOutputStream();
        this.unread = request.contentLength();
        this.closing = request.wantsClose();
        this.bodyDone = unread == 0 && !request.isChunked();
        if (bodyDone) {
            request.bodyArrived(RawHeaders.NONE);
        }
    }

    public ReceivedRequest request() {
        return request;
    }

    /** Reads the body to its end. */
    public OriginExchange readBody() throws IOException {
        return readBody((buffer, offset, count) -> {});
    }

    /** Reads that many bytes of a body with a content length, and no more. */
    public OriginExchange readPartOfBody(long count) throws IOException {
        long part = Math.min(count, unread);
        reader.exactly(part, request.capture());
        unread -= part;
        return this;
    }

    /** Sends a text in which every char is one byte. */
    public OriginExchange send(String latin1) throws IOException {
        return send(Wire.bytes(latin1));
    }

    public OriginExchange send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    /** The raw stream to the client. */
    public OutputStream out() {
        return out;
    }

    /** Ends the connection after this exchange. */
    public OriginExchange close() {
        closing = true;
        return this;
    }

    /** Ends the connection now with RST. */
    public void reset() throws IOException {
        closing = true;
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Waits for the latch; ends early, with an exception, when the client closes the connection meanwhile. */
    public OriginExchange hold(CountDownLatch latch) throws IOException, InterruptedException {
        while (latch.getCount() > 0) {
            if (reader.closedWithin(POLL_MILLIS)) {
                throw new EOFException("closed by the client while held");
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (reader.isFull()) {
                latch.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
        return this;
    }

    /** Waits until the client closes the connection. */
    public void holdUntilClosed() throws IOException, InterruptedException {
        hold(new CountDownLatch(1));
    }

    boolean isClosing() {
        return closing || socket.isClosed();
    }

    OriginExchange readBody(WireReader.Sink tee) throws IOException {
        if (bodyDone) {
            return this;
        }
        bodyDone = true;
        BodyCapture capture = request.capture();
        WireReader.Sink sink = (buffer, offset, count) -> {
            capture.accept(buffer, offset, count);
            tee.accept(buffer, offset, count);
        };
        if (request.isChunked()) {
            List<String> problems = new ArrayList<>();
            RawHeaders trailers = reader.chunked(sink, problems);
            problems.forEach(request::problem);
            request.bodyArrived(trailers);
        } else {
            reader.exactly(unread, sink);
            request.bodyArrived(RawHeaders.NONE);
        }
        return this;
    }
}
