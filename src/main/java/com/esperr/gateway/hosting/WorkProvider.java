package com.esperr.gateway.hosting;

import com.esperr.gateway.decision.DecisionSource;
import com.esperr.gateway.page.Check;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Proof of work: a number of 64 bits such that the SHA-256 of the ticket's id and the number begins with zero bits. Immutable. Costs us one
 * hash. A browser that has not found one with as many as wanted when its time is over, because it is slow, may bring the best that it has,
 * if it has at least so many, and only then: everybody is let in after about that time, and nobody sooner without the work.
 */
final class WorkProvider implements Provider.Scripted {
    private static final int DIGITS = 16;

    private final long budgetMillis;

    WorkProvider(long budgetMillis) {
        this.budgetMillis = budgetMillis;
    }

    @Override
    public Method method() {
        return Method.PROOF_OF_WORK;
    }

    @Override
    public boolean available() {
        return true;
    }

    @Override
    public Check.Main main(Ticket ticket) {
        return new Check.Work(ticket.bits(), ticket.least(), budgetMillis);
    }

    @Override
    public DecisionSource.@Nullable Cancellation check(Answer answer, Consumer<@Nullable RejectReason> sink) {
        sink.accept(verdict(answer));
        return null;
    }

    private @Nullable RejectReason verdict(Answer answer) {
        int bits = bits(answer.ticket().id(), answer.text());
        if (bits >= answer.ticket().bits()) {
            return null;
        }
        if (bits < answer.ticket().least()) {
            return RejectReason.WRONG;
        }
        return answer.ageMillis() < budgetMillis ? RejectReason.EARLY : null;
    }

    /** How many zero bits the hash begins with, at most 32; -1 if the answer is no number. */
    static int bits(String id, String number) {
        if (number.length() != DIGITS) {
            return -1;
        }
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(HexFormat.of().parseHex(id));
            sha.update(HexFormat.of().parseHex(number));
            return Integer.numberOfLeadingZeros(ByteBuffer.wrap(sha.digest()).getInt());
        } catch (IllegalArgumentException noNumber) {
            return -1;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public void test(Consumer<@Nullable String> sink) {
        sink.accept(null);
    }
}
