package com.esperr.gateway.cloud;

import com.esperr.gateway.state.HashSeed;
import com.esperr.gateway.state.KeyHash;
import com.esperr.gateway.state.StateKey;
import java.io.OutputStream;

/**
 * Hashes the bytes written to it to 128 bits under a secret seed, so that nobody can make two questions that count as one.
 * Confined to one thread.
 */
final class InputHash extends OutputStream {
    private final KeyHash hash;
    private long word;
    private long length;

    InputHash(HashSeed seed) {
        hash = new KeyHash(seed);
    }

    @Override
    public void write(int value) {
        word |= (value & 0xffL) << ((length & 7) * 8);
        length++;
        if ((length & 7) == 0) {
            hash.add(word);
            word = 0;
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int count) {
        for (int i = offset; i < offset + count; i++) {
            write(bytes[i]);
        }
    }

    /** The hash of what was written and of {@code text}; nothing can be written afterwards. */
    StateKey keyWith(String text) {
        // With the length, so that the zeros that fill the last word are no input.
        return hash.add(word).add(length).add(text).key();
    }
}
