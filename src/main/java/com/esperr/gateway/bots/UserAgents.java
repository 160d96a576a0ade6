package com.esperr.gateway.bots;

import com.esperr.gateway.request.UserAgentMemory;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Finds which bot's text stands in a User-Agent: the automaton of Aho and Corasick as one table, so that a value is gone over
 * once whatever the number of texts. ASCII letters are alike in both cases; of several texts the longest counts, and of
 * several of one length the first in the value. Thread-safe: the table never changes, and what was found last is remembered.
 */
final class UserAgents {
    private static final int NONE = -1;
    private static final int ASCII = 128;

    private final List<KnownBot> bots;
    /** Which column of the table a character has; column 0 is for those in no text. */
    private final int[] columns = new int[ASCII];

    private final int width;
    private final int[] table;
    /** For a node the place of the bot whose text ends there, and the length of that text. */
    private final int[] ends;

    private final int[] lengths;
    private final UserAgentMemory<Integer> found = new UserAgentMemory<>(this::search);

    private UserAgents(List<KnownBot> bots) {
        this.bots = bots;
        int next = 1;
        int nodes = 1;
        for (KnownBot bot : bots) {
            for (String text : bot.userAgents()) {
                nodes += text.length();
                for (int i = 0; i < text.length(); i++) {
                    int c = lower(text.charAt(i));
                    if (columns[c] == 0) {
                        columns[c] = next;
                        columns[upper(c)] = next++;
                    }
                }
            }
        }
        this.width = next;
        this.table = new int[nodes * width];
        this.ends = new int[nodes];
        this.lengths = new int[nodes];
        Arrays.fill(table, NONE);
        Arrays.fill(ends, NONE);
        int used = 1;
        for (int bot = 0; bot < bots.size(); bot++) {
            for (String text : bots.get(bot).userAgents()) {
                used = add(text, bot, used);
            }
        }
        link();
    }

    static UserAgents of(List<KnownBot> bots) {
        return new UserAgents(List.copyOf(bots));
    }

    private int add(String text, int bot, int used) {
        int node = 0;
        int next = used;
        for (int i = 0; i < text.length(); i++) {
            int cell = node * width + columns[lower(text.charAt(i))];
            if (table[cell] == NONE) {
                table[cell] = next++;
            }
            node = table[cell];
        }
        if (ends[node] == NONE) {
            ends[node] = bot;
            lengths[node] = text.length();
        }
        return next;
    }

    /** Fills every cell with where the search goes on, level by level. */
    private void link() {
        int[] shorter = new int[ends.length];
        Queue<Integer> level = new ArrayDeque<>(List.of(0));
        while (!level.isEmpty()) {
            int node = level.remove();
            for (int column = 0; column < width; column++) {
                int cell = node * width + column;
                int back = node == 0 ? 0 : table[shorter[node] * width + column];
                int child = table[cell];
                if (child == NONE) {
                    table[cell] = back;
                    continue;
                }
                shorter[child] = back;
                if (ends[child] == NONE) {
                    ends[child] = ends[back];
                    lengths[child] = lengths[back];
                }
                level.add(child);
            }
        }
    }

    /** The bot that {@code userAgent} names, or null. */
    @Nullable
    KnownBot find(String userAgent) {
        int bot = found.of(userAgent);
        return bot == NONE ? null : bots.get(bot);
    }

    private int search(String userAgent) {
        int node = 0;
        int longest = 0;
        int bot = NONE;
        for (int i = 0; i < userAgent.length(); i++) {
            char c = userAgent.charAt(i);
            node = table[node * width + (c < ASCII ? columns[c] : 0)];
            if (lengths[node] > longest) {
                longest = lengths[node];
                bot = ends[node];
            }
        }
        return bot;
    }

    private static int lower(char c) {
        return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
    }

    private static int upper(int c) {
        return c >= 'a' && c <= 'z' ? c & ~0x20 : c;
    }
}
