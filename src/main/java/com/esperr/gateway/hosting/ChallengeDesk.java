package com.esperr.gateway.hosting;

import com.esperr.gateway.bound.Fill;
import com.esperr.gateway.bound.Housekeeping;
import com.esperr.gateway.challenge.Seals;
import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.page.Check;
import com.esperr.gateway.page.Page;
import com.esperr.gateway.page.Pages;
import com.esperr.gateway.page.Reader;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Hands out challenge pages and looks at the answers, for whatever it is that a right answer leads to. Thread-safe; never blocks. */
public final class ChallengeDesk {
    private static final String LOADED = "loaded";

    private final Ladder ladder;
    private final Tickets tickets;
    private final Attempts attempts;
    private final Difficulty difficulty;
    private final Pages pages;
    private final Funnel funnel;
    private final LongSupplier epochMillis;

    /**
     * A desk of {@code config}, whose tickets are sealed by {@code seals}.
     *
     * @param before the one that it takes the place of, whose tickets may be good for as many answers as are left of them, or null
     */
    public ChallengeDesk(
            HostingConfig config,
            Ladder ladder,
            Seals seals,
            Pages pages,
            Funnel funnel,
            LongSupplier nanos,
            LongSupplier epochMillis,
            @Nullable ChallengeDesk before) {
        HostingConfig.Work work = config.work();
        this.ladder = ladder;
        this.tickets = new Tickets(seals, config.time(), epochMillis);
        this.attempts = before == null
                ? new Attempts(config.time(), nanos, Housekeeping.shared())
                : before.attempts.lasting(config.time());
        this.difficulty = new Difficulty(work.bits(), work.mostBits(), work.perSecond(), nanos);
        this.pages = pages;
        this.funnel = funnel;
        this.epochMillis = epochMillis;
    }

    /** How full is what remembers wrong answers, and what waits for others to look at one. */
    public List<Fill> fills() {
        return List.of(attempts.fill(), ladder.fill());
    }

    /**
     * One visitor in front of a page.
     *
     * @param site what his ticket is good for
     * @param level how much he has to show
     * @param action where his answer goes, a path
     * @param to where he goes then
     * @param leadsTo the origin of {@code to} if that is another site, else null
     * @param reader who he is to the page
     */
    public record Visitor(
            String site,
            int level,
            String action,
            String to,
            @Nullable String leadsTo,
            Reader reader) {}

    /** Receives what came of an answer; exactly one method is called, exactly once. */
    public interface Sink {
        /** It counts. */
        void solved(Solution solution);

        /** It does not; so much was asked for, 0 if nobody knows. */
        void rejected(RejectReason reason, int level);

        /** It was none: a page tells that its script has begun. */
        void loaded();
    }

    /**
     * A right answer. Immutable.
     *
     * @param challenge to which challenge, by a name that no other has
     * @param method of which kind
     * @param issuedAtMillis since when it could be given, epoch milliseconds
     * @param level how much was asked for
     */
    public record Solution(String challenge, Method method, long issuedAtMillis, int level) {}

    /** A page for {@code visitor}. */
    public Page page(Visitor visitor) {
        Ladder.Rungs rungs = ladder.rungs(visitor.level());
        int bits = difficulty.next();
        Ticket ticket = tickets.make(bits, Difficulty.least(bits), rungs.methods(), visitor.level());
        String text = tickets.text(ticket, visitor.site());
        Provider.ByHand hand = rungs.hand();
        Provider.Scripted main = rungs.main();
        funnel.issued(rungs.method());
        Check check = new Check(
                visitor.action(),
                text,
                visitor.to(),
                main == null ? Check.Nothing.NOTHING : main.main(ticket),
                hand == null ? Check.Press.NONE : hand.hand(onward(visitor, text)));
        return pages.challenge(check, visitor.reader(), visitor.leadsTo());
    }

    /** Where a browser that goes on by itself goes. */
    private static String onward(Visitor visitor, String ticket) {
        return visitor.action() + "?method=refresh&ticket=" + ticket + "&to="
                + URLEncoder.encode(visitor.to(), StandardCharsets.UTF_8);
    }

    /**
     * Looks at what a form says.
     *
     * @param site what the ticket has to be good for
     * @param form its fields
     * @param address of the visitor, or null
     * @param cookies whether his browser keeps cookies
     * @return how to withdraw the question, or null if it has been answered already
     */
    public DecisionSource.@Nullable Cancellation look(
            String site, Map<String, String> form, @Nullable String address, boolean cookies, Sink sink) {
        Tickets.Found found = tickets.find(form.get("ticket"), site);
        Ticket ticket = found.ticket();
        String said = form.getOrDefault("method", "");
        if (said.equals(LOADED)) {
            loaded(ticket);
            sink.loaded();
            return null;
        }
        Method method = method(said);
        Method counted = method == null ? Method.PROOF_OF_WORK : method;
        funnel.submitted(counted);
        Provider provider = method == null || ticket == null || !ticket.admits(method) ? null : ladder.find(method);
        RejectReason trouble = found.trouble() != null
                ? found.trouble()
                : provider == null ? RejectReason.METHOD : cookies ? null : RejectReason.COOKIES;
        if (trouble == null && ticket != null && !attempts.begin(ticket)) {
            trouble = RejectReason.EXHAUSTED;
        }
        if (trouble != null || provider == null || ticket == null) {
            RejectReason reason = trouble == null ? RejectReason.METHOD : trouble;
            funnel.rejected(counted, reason);
            sink.rejected(reason, ticket == null ? 0 : ticket.level());
            return null;
        }
        Answer answer = new Answer(ticket, form.getOrDefault("answer", ""), address, epochMillis.getAsLong());
        return provider.check(answer, wrong -> told(ticket, counted, wrong, sink));
    }

    private void told(Ticket ticket, Method method, @Nullable RejectReason wrong, Sink sink) {
        if (wrong == null) {
            attempts.right(ticket);
            sink.solved(new Solution(ticket.id(), method, ticket.issuedAtMillis(), ticket.level()));
        } else {
            funnel.rejected(method, wrong);
            sink.rejected(wrong, ticket.level());
        }
    }

    /** What the answer was for was given. */
    public void accepted(Solution solution) {
        funnel.solved(solution.method(), epochMillis.getAsLong() - solution.issuedAtMillis());
    }

    /** It was not, although the answer is right. */
    public void refused(Solution solution, RejectReason reason) {
        funnel.rejected(solution.method(), reason);
    }

    private void loaded(@Nullable Ticket ticket) {
        for (Method each : Method.values()) {
            // The script is that of the one kind on the page that needs one.
            if (ticket != null && ticket.admits(each) && !each.byHand()) {
                funnel.loaded(each);
            }
        }
    }

    private static @Nullable Method method(String label) {
        for (Method method : Method.values()) {
            if (method.label().equals(label.toLowerCase(Locale.ROOT))) {
                return method;
            }
        }
        return null;
    }
}
