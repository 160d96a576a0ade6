package com.esperr.gateway.challenge;

import com.esperr.gateway.bound.Bounded;
import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.http.BodyLength;
import com.esperr.gateway.http.ClientForm;
import com.esperr.gateway.http.Cookies;
import com.esperr.gateway.request.ChallengeTraces;
import com.esperr.gateway.request.RequestContext;
import com.esperr.gateway.request.ReturnUrl;
import com.esperr.gateway.state.DepositSink;
import com.esperr.gateway.state.Deposits;
import com.esperr.gateway.state.MemoryDeposits;
import com.esperr.gateway.state.WithdrawalSink;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what somebody has sent who has to pass a challenge first, and has it done when he comes back with a pass: once. Thread-safe;
 * never blocks. Only what a page of the same site sent: a request that another site made a browser send would else come back
 * as one of this site, with all its cookies. Whose it is says a cookie that nobody else has.
 */
public final class KeptRequests {
    private static final String COOKIE = ChallengeTraces.COOKIE + "_kept_";
    private static final int NAME_DIGITS = 8;
    private static final int MOST_AT_ONCE = 8;
    private static final Set<String> HARMLESS = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    private final SecureRandom random = new SecureRandom();
    private final KeepConfig config;
    private final Deposits deposits;
    private final AtomicLong coming;
    private final KeptCounts counts;

    KeptRequests(KeepConfig config, Deposits deposits) {
        this(config, deposits, null);
    }

    /** Those of {@code before}, if there is one, kept on other terms. */
    KeptRequests(KeepConfig config, Deposits deposits, @Nullable KeptRequests before) {
        this.config = config;
        this.deposits = deposits;
        this.coming = before == null ? new AtomicLong() : before.coming;
        this.counts = before == null ? new KeptCounts() : before.counts;
    }

    /** These terms hold from now on. */
    void begin() {
        if (deposits instanceof MemoryDeposits memory) {
            memory.most(config.allBytes());
        }
    }

    /** Receives what came of keeping a request. */
    public interface Sink {
        /** It is kept; {@code cookie} is the value of the Set-Cookie by which its visitor gets it back. */
        void kept(String cookie);

        /** It is not. */
        void lost();
    }

    /** What can be done for somebody who has to pass a challenge. */
    public enum Offer {
        /** His request has nothing that would get lost, or cannot be kept. */
        NOTHING,
        /** It can be kept. */
        KEEP,
        /** It is larger than what is kept. */
        TOO_LARGE
    }

    /** What can be done for {@code request}, which is challenged. */
    public Offer offer(RequestContext request) {
        if (config.bytes() == 0
                || HARMLESS.contains(request.method())
                || request.head().expectsContinue()
                || ClientForm.of(request.method(), request.fields()) != ClientForm.HTML
                || !KeptRequest.isOfThisSite(request)
                || kept(request) >= MOST_AT_ONCE) {
            return Offer.NOTHING;
        }
        long length = request.head().bodyLength();
        return length > config.bytes() ? Offer.TOO_LARGE : Offer.KEEP;
    }

    private static int kept(RequestContext request) {
        Cookies cookies = request.traces().cookies();
        int count = 0;
        for (int i = 0; i < cookies.size(); i++) {
            count += cookies.name(i).contains(COOKIE) ? 1 : 0;
        }
        return count;
    }

    /** Makes room for a body of {@code request} that is to come, or answers null if there is none. */
    public @Nullable Room room(RequestContext request) {
        long length = request.head().bodyLength();
        long most = length == BodyLength.CHUNKED ? config.bytes() : Math.max(0, length);
        if (coming.addAndGet(most) > config.allBytes()) {
            coming.addAndGet(-most);
            counts.lost();
            return null;
        }
        return new Room((int) most);
    }

    /** Room for one body; given back once. Confined to its owner's thread. */
    public final class Room {
        private final int most;
        private boolean open = true;

        Room(int most) {
            this.most = most;
        }

        /** How many bytes fit. */
        public int most() {
            return most;
        }

        /** Gives it back. */
        public void close() {
            if (open) {
                open = false;
                coming.addAndGet(-most);
            }
        }
    }

    /** More has come, or is to come, than is kept. */
    public void overflow() {
        counts.tooLarge();
    }

    /** Keeps {@code request} with that body. */
    public void keep(RequestContext request, byte[] body, Sink sink) {
        KeptSeal seal = KeptSeal.make(random, ReturnUrl.target(request));
        byte[] sealed = seal.seal(KeptRequest.of(request, body).write());
        deposits.put(seal.key(), sealed, config.lifetime().toMillis(), new DepositSink() {
            @Override
            public void laid() {
                counts.kept();
                boolean secure = PassCookie.secure(request);
                sink.kept((secure ? "__Host-" : "") + name(seal.id()) + '=' + seal.text() + "; Path=/; Max-Age="
                        + config.lifetime().toSeconds() + "; HttpOnly; SameSite=Lax" + (secure ? "; Secure" : ""));
            }

            @Override
            public void failed(String detail) {
                counts.lost();
                sink.lost();
            }
        });
    }

    private static String name(String id) {
        return COOKIE + id.substring(0, NAME_DIGITS);
    }

    /** {@code location}, where the visitor of {@code request} goes who has passed, so that what he had sent there is done. */
    public String onward(RequestContext request, String location) {
        Cookies cookies = request.traces().cookies();
        for (int i = 0; i < cookies.size(); i++) {
            KeptSeal seal = cookies.name(i).contains(COOKIE) ? KeptSeal.read(cookies.value(i)) : null;
            if (seal != null && seal.isFor(ReturnUrl.encoded(location))) {
                char join = location.indexOf('?') < 0 ? '?' : '&';
                return location + join + ReturnUrl.RESUME_PARAMETER + '=' + seal.id();
            }
        }
        return location;
    }

    /** Whether {@code request} comes for one that was kept. */
    boolean isAwaited(RequestContext request) {
        return !request.traces().resumed().isEmpty() && request.method().equals("GET");
    }

    /** Takes away the request for which {@code back} comes; {@code sink} is told null if there is none, or none of his. */
    void take(RequestContext back, Consumer<@Nullable KeptRequest> sink) {
        KeptSeal seal = shown(back);
        if (seal == null) {
            counts.unknown();
            sink.accept(null);
            return;
        }
        deposits.take(seal.key(), new WithdrawalSink() {
            @Override
            public void taken(byte @Nullable [] sealed) {
                byte[] open = sealed == null ? null : seal.open(sealed);
                KeptRequest kept = open == null ? null : KeptRequest.read(open);
                KeptRequest own = kept != null && kept.isFor(back) ? kept : null;
                if (own == null) {
                    counts.unknown();
                } else {
                    counts.resumed();
                }
                sink.accept(own);
            }

            @Override
            public void failed(String detail) {
                counts.unknown();
                sink.accept(null);
            }
        });
    }

    private static @Nullable KeptSeal shown(RequestContext back) {
        List<String> ids = back.traces().resumed();
        if (ids.size() != 1 || ids.get(0).length() < NAME_DIGITS) {
            return null;
        }
        String id = ids.get(0);
        String name = (PassCookie.secure(back) ? "__Host-" : "") + name(id);
        for (String value : back.traces().cookies().all(name)) {
            KeptSeal seal = KeptSeal.read(value);
            if (seal != null && seal.id().equals(id)) {
                return seal;
            }
        }
        return null;
    }

    /** Bytes that are kept here, or are coming. */
    public long bytes() {
        return coming.get() + (deposits instanceof MemoryDeposits memory ? memory.bytes() : 0);
    }

    /** Requests that were given up before their time, because there were too many. */
    public long dropped() {
        return deposits instanceof MemoryDeposits memory ? memory.dropped() : 0;
    }

    /** How full is what keeps them, if that is this process, and how much is coming. */
    List<Fill> fills() {
        Fill underWay = Fill.of(Bounded.KEPT_REQUESTS_COMING, coming::get, config.allBytes(), counts::lostCount);
        return deposits instanceof MemoryDeposits memory ? List.of(underWay, memory.fill()) : List.of(underWay);
    }

    /** What has become of them. */
    public KeptCounts counts() {
        return counts;
    }
}
