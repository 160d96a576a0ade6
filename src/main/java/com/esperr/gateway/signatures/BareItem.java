package com.esperr.gateway.signatures;

import java.math.BigDecimal;
import java.util.Base64;

/** One value of a structured field (RFC 9651 section 3.3); its text is the canonical one. Immutable. */
sealed interface BareItem {
    /** A text in quotes. */
    record Text(String value) implements BareItem {
        @Override
        public String toString() {
            return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        }
    }

    /** A word without quotes. */
    record Token(String value) implements BareItem {
        @Override
        public String toString() {
            return value;
        }
    }

    /** A whole number. */
    record Whole(long value) implements BareItem {
        @Override
        public String toString() {
            return Long.toString(value);
        }
    }

    /** A number with up to three decimals. */
    record Fraction(BigDecimal value) implements BareItem {
        @Override
        public String toString() {
            String plain = value.stripTrailingZeros().toPlainString();
            return plain.indexOf('.') < 0 ? plain + ".0" : plain;
        }
    }

    /** True or false. */
    record Truth(boolean value) implements BareItem {
        static final Truth TRUE = new Truth(true);

        @Override
        public String toString() {
            return value ? "?1" : "?0";
        }
    }

    /** A sequence of bytes. */
    @SuppressWarnings("ArrayRecordComponent")
    record Bytes(byte[] value) implements BareItem {
        @Override
        public String toString() {
            return ':' + Base64.getEncoder().encodeToString(value) + ':';
        }
    }

    /** A moment, in seconds. */
    record Date(long seconds) implements BareItem {
        @Override
        public String toString() {
            return "@" + seconds;
        }
    }
}
