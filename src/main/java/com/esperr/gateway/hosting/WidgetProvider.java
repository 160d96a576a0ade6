package com.esperr.gateway.hosting;

import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.http.Fields;
import com.esperr.gateway.page.Check;
import com.esperr.gateway.transport.CallFailure;
import com.esperr.gateway.transport.CallHandle;
import com.esperr.gateway.transport.HttpCallback;
import com.esperr.gateway.transport.HttpClient;
import com.esperr.gateway.transport.PreparedCall;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Somebody else's widget, whose answers are looked at there. Thread-safe; a question stays on the event loop that asks it. When there is no
 * usable answer it is not asked for until a pause is over, so that a site does not depend on whether they are there.
 */
final class WidgetProvider implements Provider.Scripted {
    private static final Logger LOG = LoggerFactory.getLogger(WidgetProvider.class);
    private static final int LONGEST_ANSWER = 8 * 1024;
    private static final String NO_ANSWER = "challenge-test";

    private final Vendor vendor;
    private final HttpClient client;
    private final PreparedCall prepared;
    private final Duration timeout;
    private final LongSupplier nanos;
    private final Pause pause;

    WidgetProvider(Vendor vendor, HttpClient client, Duration timeout, Duration pause, LongSupplier nanos) {
        this.vendor = vendor;
        this.client = client;
        this.timeout = timeout;
        this.nanos = nanos;
        this.pause = new Pause(pause, nanos);
        this.prepared = client.prepare(
                "POST",
                vendor.path(),
                Fields.builder(4)
                        .add("Content-Type", "application/x-www-form-urlencoded")
                        .add("Accept", "application/json")
                        .build());
    }

    @Override
    public Method method() {
        return vendor.method();
    }

    @Override
    public boolean available() {
        return !pause.under();
    }

    @Override
    public Check.Main main(Ticket ticket) {
        return new Check.Widget(
                vendor.method().label(), vendor.cssClass(), vendor.siteKey(), vendor.scriptUrl(), vendor.sources());
    }

    @Override
    public DecisionSource.@Nullable Cancellation check(Answer answer, Consumer<@Nullable RejectReason> sink) {
        if (answer.text().isEmpty() || answer.text().length() > LONGEST_ANSWER) {
            sink.accept(RejectReason.WRONG);
            return null;
        }
        return ask(answer.text(), answer.address(), verdict -> {
            if (verdict instanceof SiteVerdict.Trouble trouble) {
                if (pause.begin()) {
                    LOG.warn(
                            "{} is not asked for {} s: {}",
                            vendor.method().label(),
                            pause.length().toSeconds(),
                            trouble.detail());
                }
                sink.accept(RejectReason.UNAVAILABLE);
                return;
            }
            if (verdict == SiteVerdict.Known.UNASKED) {
                sink.accept(RejectReason.UNAVAILABLE);
                return;
            }
            pause.end();
            sink.accept(verdict == SiteVerdict.Known.GOOD ? null : RejectReason.WRONG);
        });
    }

    private DecisionSource.@Nullable Cancellation ask(
            String response, @Nullable String address, Consumer<SiteVerdict> sink) {
        String form = "secret=" + encoded(vendor.secret()) + "&response=" + encoded(response)
                + (address == null ? "" : "&remoteip=" + encoded(address));
        byte[] body = form.getBytes(StandardCharsets.US_ASCII);
        CallHandle call = client.call(
                prepared, out -> out.write(body), nanos.getAsLong() + timeout.toNanos(), new HttpCallback() {
                    @Override
                    public void answered(int status, Fields fields, byte[] answer) {
                        sink.accept(SiteVerdict.read(status, answer));
                    }

                    @Override
                    public void failed(CallFailure failure) {
                        sink.accept(
                                failure.kind() == CallFailure.Kind.OVERLOAD
                                        ? SiteVerdict.Known.UNASKED
                                        : new SiteVerdict.Trouble(failure.kind() + ": " + failure.detail()));
                    }
                });
        return call == null ? null : call::cancel;
    }

    /** A made-up answer is refused as an answer only if the secret is known there. */
    @Override
    public void test(Consumer<@Nullable String> sink) {
        var unused = ask(NO_ANSWER, null, verdict -> sink.accept(trouble(verdict)));
    }

    private static @Nullable String trouble(SiteVerdict verdict) {
        if (verdict instanceof SiteVerdict.Trouble trouble) {
            return trouble.detail();
        }
        if (verdict == SiteVerdict.Known.UNASKED) {
            return "too many answers are being looked at";
        }
        return verdict == SiteVerdict.Known.GOOD
                ? "a made-up answer counts (expected: keys that are not for tests)"
                : null;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
