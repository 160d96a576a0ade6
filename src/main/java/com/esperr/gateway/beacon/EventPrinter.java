package com.esperr.gateway.beacon;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.MessagePassingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The daemon thread of a dry run: prints each event on a line of its own, exactly as it would be sent. */
final class EventPrinter extends Thread implements EventConsumer {
    private static final Logger LOG = LoggerFactory.getLogger(EventPrinter.class);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final MessagePassingQueue<BeaconEvent> queue;
    private final EventWriter writer;
    private final OutputStream sink;
    private boolean failing;
    private volatile boolean finishing;

    EventPrinter(MessagePassingQueue<BeaconEvent> queue, EventWriter writer, OutputStream sink) {
        super("beacon-printer");
        setDaemon(true);
        this.queue = queue;
        this.writer = writer;
        this.sink = sink;
    }

    @Override
    public void run() {
        boolean last;
        do {
            // Read before draining: what was offered before finish() is then printed.
            last = finishing;
            drain();
            if (!last) {
                LockSupport.parkNanos(this, PAUSE_NANOS);
            }
        } while (!last);
    }

    @Override
    public void finish(Duration limit) {
        finishing = true;
        Ending.await(this, limit);
    }

    private void drain() {
        for (BeaconEvent event = queue.relaxedPoll(); event != null; event = queue.relaxedPoll()) {
            try {
                sink.write(writer.write(event));
                sink.write('\n');
            } catch (IOException e) {
                failed(e);
            }
        }
        try {
            sink.flush();
        } catch (IOException e) {
            failed(e);
        }
    }

    private void failed(IOException e) {
        if (!failing) {
            failing = true;
            LOG.warn("beacon: events cannot be printed: {}", e.getMessage());
        }
    }
}
