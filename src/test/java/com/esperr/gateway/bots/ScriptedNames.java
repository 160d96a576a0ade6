package com.esperr.gateway.bots;

import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.transport.NameService;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** Names and addresses as a test says; answers when it is told to. */
final class ScriptedNames implements NameService {
    final List<String> questions = new ArrayList<>();
    private final Map<String, Answer> answers = new HashMap<>();
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean refusing;

    ScriptedNames pointer(String address, long seconds, String... names) {
        answers.put(address, new Answer.Found(List.of(names), seconds));
        return this;
    }

    ScriptedNames addresses(String name, long seconds, String... addresses) {
        answers.put(name, new Answer.Found(List.of(addresses), seconds));
        return this;
    }

    ScriptedNames failing(String question) {
        answers.put(question, new Answer.Failed("timed out"));
        return this;
    }

    /** Whether it takes no questions, as one that was closed does. */
    void refusing(boolean on) {
        refusing = on;
    }

    /** Gives every answer that is due, and those to the questions that follow from them. */
    void answer() {
        for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
            next.run();
        }
    }

    @Override
    public void names(IpAddress address, Consumer<Answer> sink) {
        ask(address.toString(), sink);
    }

    @Override
    public void addresses(String name, boolean ipv6, Consumer<Answer> sink) {
        ask(name, sink);
    }

    private void ask(String question, Consumer<Answer> sink) {
        if (refusing) {
            throw new RejectedExecutionException("closed");
        }
        questions.add(question);
        waiting.add(() -> sink.accept(answers.getOrDefault(question, new Answer.Found(List.of(), 300))));
    }
}
