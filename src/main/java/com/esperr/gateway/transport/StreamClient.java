package com.esperr.gateway.transport;

import com.esperr.gateway.http.Fields;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * A client for HTTP/1.1 answers that never end, such as a feed: each has a connection of its own, which is closed with it.
 * Thread-safe; a stream runs on the loop that opens it. Redirects are not followed and no content coding is offered. How
 * long silence is borne is for the receiver to say.
 */
public final class StreamClient {
    private final HttpClientConfig config;
    private final ClientConnector connector;

    /**
     * A client on {@code loops}; of {@code config} only what concerns connecting matters.
     *
     * @throws IllegalArgumentException if the CA file cannot be used
     */
    public StreamClient(HttpClientConfig config, EventLoops loops) {
        ClientTls tls = config.tls()
                ? ClientTls.to(config.url(), TlsPeer.trusting(config.caFile()), config.handshakeTimeout())
                : null;
        this.config = config;
        this.connector = new ClientConnector(config, loops, tls);
    }

    /**
     * Asks with GET from the current event loop.
     *
     * @param target path and query
     * @param fields without Host, which is added
     * @return how to end it
     */
    public CallHandle open(String target, Fields fields, StreamReceiver receiver) {
        EventLoop loop = EventLoops.current();
        if (loop == null) {
            throw new IllegalStateException("open: not called on an event loop (expected: one of the gateway)");
        }
        Opening opening = new Opening(target, fields, receiver);
        connector.connect(loop, (channel, decoder) -> new StreamConnection(channel, decoder, receiver), opening);
        return opening;
    }

    /** One stream from the attempt to connect to its end; confined to its event loop. */
    private final class Opening implements ClientConnector.Sink, CallHandle {
        private final String target;
        private final Fields fields;
        private final StreamReceiver receiver;
        private @Nullable StreamConnection connection;
        private boolean cancelled;

        Opening(String target, Fields fields, StreamReceiver receiver) {
            this.target = target;
            this.fields = fields;
            this.receiver = receiver;
        }

        @Override
        public void connected(Channel channel) {
            StreamConnection made = channel.pipeline().get(StreamConnection.class);
            if (cancelled) {
                made.cancel();
                return;
            }
            connection = made;
            made.ask(target, config.url().hostHeader(), fields);
        }

        @Override
        public void refused(String detail) {
            if (!cancelled) {
                receiver.ended(detail);
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            if (connection != null) {
                connection.cancel();
            }
        }
    }
}
