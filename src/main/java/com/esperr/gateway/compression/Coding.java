package com.esperr.gateway.compression;

import java.util.Locale;

/** The content codings that the gateway can add (RFC 9110 section 8.4.1). */
public enum Coding {
    /** RFC 8878. */
    ZSTD {
        @Override
        boolean available() {
            return ZstdEncoder.available();
        }

        @Override
        Encoder encoder(int level) {
            return new ZstdEncoder(level);
        }
    },
    /** RFC 7932. */
    BR {
        @Override
        boolean available() {
            return BrotliEncoder.available();
        }

        @Override
        Encoder encoder(int level) {
            return new BrotliEncoder(level);
        }
    },
    /** RFC 1952. */
    GZIP {
        @Override
        boolean available() {
            return true;
        }

        @Override
        Encoder encoder(int level) {
            return new GzipEncoder(level);
        }
    };

    /** The word in {@code Content-Encoding} and in the configuration. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the library behind it works on this machine. */
    abstract boolean available();

    abstract Encoder encoder(int level);
}
