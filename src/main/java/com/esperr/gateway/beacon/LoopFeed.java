package com.esperr.gateway.beacon;

import com.esperr.gateway.esper.MitigationQuestionWriter;
import com.esperr.gateway.transport.HttpClient;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The way from the spool's thread to the publisher on its event loop. Thread-safe. */
final class LoopFeed implements Feed {
    private final ScheduledExecutorService loop;
    private final Publisher publisher;

    private LoopFeed(ScheduledExecutorService loop, Publisher publisher) {
        this.loop = loop;
        this.publisher = publisher;
    }

    static LoopFeed of(Beacon.Terms terms, HttpClient client, Consumer<Settlement> settled, BeaconCounts counts) {
        ScheduledExecutorService loop = terms.loops().next();
        ServiceNotes notes = new ServiceNotes(terms.esper().apiKey(), terms.nanos());
        Lessons lessons = new Lessons(terms.learning(), counts, notes);
        Publisher publisher = new Publisher(
                terms.config(),
                new Publisher.Terms(
                        new HttpWire(
                                client,
                                terms.config(),
                                new MitigationQuestionWriter(terms.esper()).headers(),
                                terms.nanos()),
                        settled,
                        (delay, task) -> loop.schedule(task, delay, TimeUnit.NANOSECONDS),
                        terms.nanos(),
                        terms.millis(),
                        () -> ThreadLocalRandom.current().nextDouble(),
                        notes,
                        lessons::learn,
                        counts::addFailure));
        return new LoopFeed(loop, publisher);
    }

    @Override
    public boolean take(List<Spooled> events) {
        try {
            loop.execute(() -> publisher.take(events));
            return true;
        } catch (RejectedExecutionException ended) {
            return false;
        }
    }

    @Override
    public boolean isFlowing() {
        return !publisher.isTroubled();
    }

    @Override
    public boolean isQuiet() {
        return publisher.isQuiet();
    }

    @Override
    public void end() {
        try {
            loop.execute(publisher::close);
        } catch (RejectedExecutionException ended) {
            // Then there is nothing under way either.
            return;
        }
    }
}
