package com.esperr.gateway.bots;

import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.transport.NameService;
import com.esperr.gateway.transport.NameService.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * One look-up of the names of an address that have the address (forward-confirmed reverse DNS). Confined to the loop of the
 * name service. Whoever owns an address says what its name is, so only names in known domains are asked about further:
 * nobody can make this gateway ask the name servers of his choice.
 */
final class ReverseLookup {
    private static final int MOST_NAMES = 4;
    private static final int LONGEST_NAME = 253;

    private final NameService service;
    private final IpAddress address;
    private final Consumer<Result> sink;
    private final List<String> steps = new ArrayList<>();
    private final List<String> confirmed = new ArrayList<>();
    private final List<String> waiting = new ArrayList<>();
    private long seconds = Long.MAX_VALUE;
    private boolean failed;

    private ReverseLookup(NameService service, IpAddress address, Consumer<Result> sink) {
        this.service = service;
        this.address = address;
        this.sink = sink;
    }

    /**
     * What came of it.
     *
     * @param names those that have the address
     * @param certain whether every question was answered, so that there are no others
     * @param seconds how long that counts by what the name servers say
     * @param steps what was asked and answered, for people
     */
    record Result(List<String> names, boolean certain, long seconds, List<String> steps) {}

    /** Looks {@code address} up; only names that {@code known} knows count. */
    static void start(NameService service, IpAddress address, Predicate<String> known, Consumer<Result> sink) {
        ReverseLookup lookup = new ReverseLookup(service, address, sink);
        service.names(address, answer -> lookup.named(answer, known));
    }

    private void named(Answer answer, Predicate<String> known) {
        if (answer instanceof Answer.Failed why) {
            failed = true;
            steps.add("name of " + address + ": no answer (" + why.detail() + ")");
        } else if (answer instanceof Answer.Found found) {
            seconds = found.seconds();
            steps.add("name of " + address + ": " + (found.values().isEmpty() ? "none" : listed(found.values())));
            found.values().stream()
                    .filter(name -> name.length() <= LONGEST_NAME && isHost(name) && known.test(name))
                    .distinct()
                    .limit(MOST_NAMES)
                    .forEach(waiting::add);
            if (waiting.isEmpty() && !found.values().isEmpty()) {
                steps.add("not in a domain of a known bot");
            }
        }
        next();
    }

    private void next() {
        if (waiting.isEmpty()) {
            sink.accept(new Result(List.copyOf(confirmed), !failed, seconds, List.copyOf(steps)));
            return;
        }
        String name = waiting.remove(0);
        service.addresses(name, address.isIpv6(), answer -> {
            addressed(name, answer);
            next();
        });
    }

    private void addressed(String name, Answer answer) {
        if (answer instanceof Answer.Failed why) {
            failed = true;
            steps.add("addresses of " + name + ": no answer (" + why.detail() + ")");
        } else if (answer instanceof Answer.Found found) {
            boolean same = found.values().contains(address.toString());
            seconds = Math.min(seconds, found.seconds());
            steps.add("addresses of " + name + ": " + (found.values().isEmpty() ? "none" : listed(found.values()))
                    + (same ? "" : ", not " + address));
            if (same) {
                confirmed.add(name);
            }
        }
    }

    private static String listed(List<String> values) {
        String listed = String.join(", ", values.subList(0, Math.min(values.size(), MOST_NAMES)));
        return isPrintable(listed) ? listed : "something that is not text";
    }

    private static boolean isPrintable(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    /** Whether it consists of what names of hosts do; escapes and spaces could end in a known domain and mean another. */
    private static boolean isHost(String name) {
        return !name.isEmpty()
                && name.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.');
    }
}
