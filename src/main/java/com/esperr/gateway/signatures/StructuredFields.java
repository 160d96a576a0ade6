package com.esperr.gateway.signatures;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Reads structured fields (RFC 9651, which RFC 8941 is a part of) strictly, as its section 4.2 says. Confined to one call; what
 * it reads is as long as a head may be, and it recurses nowhere.
 */
final class StructuredFields {
    private static final int MOST_DIGITS = 15;
    private static final int MOST_BEFORE_POINT = 12;
    private static final int MOST_DECIMALS = 3;
    private static final String TOKEN = "!#$%&'*+-.^_`|~:/";
    private static final String KEY = "_-.*";

    private final String text;
    private int at;

    private StructuredFields(String text) {
        this.text = text;
    }

    /** @throws BadSignature if {@code text} is not a dictionary */
    static Map<String, Member> dictionary(String text) {
        StructuredFields reader = new StructuredFields(text);
        reader.skip(" ");
        Map<String, Member> members = new LinkedHashMap<>();
        while (reader.more()) {
            String key = reader.key();
            Member member =
                    reader.taken('=') ? reader.member() : new Member.Item(BareItem.Truth.TRUE, reader.parameters());
            // The last one counts, in its own place.
            members.remove(key);
            members.put(key, member);
            reader.separator();
        }
        return members;
    }

    /** @throws BadSignature if {@code text} is not a list */
    static List<Member> list(String text) {
        StructuredFields reader = new StructuredFields(text);
        reader.skip(" ");
        List<Member> members = new ArrayList<>();
        while (reader.more()) {
            members.add(reader.member());
            reader.separator();
        }
        return members;
    }

    /** @throws BadSignature if {@code text} is not an item */
    static Member.Item item(String text) {
        StructuredFields reader = new StructuredFields(text);
        reader.skip(" ");
        Member.Item item = reader.item();
        reader.skip(" ");
        if (reader.more()) {
            throw new BadSignature("something behind a value");
        }
        return item;
    }

    /** The canonical text of a dictionary. */
    static String text(Map<String, Member> dictionary) {
        return dictionary.entrySet().stream()
                .map(member -> member.getValue() instanceof Member.Item item
                                && item.value().equals(BareItem.Truth.TRUE)
                        ? member.getKey() + item.parameters()
                        : member.getKey() + '=' + member.getValue())
                .collect(Collectors.joining(", "));
    }

    private Member member() {
        return peek() == '(' ? innerList() : item();
    }

    private Member.InnerList innerList() {
        at++;
        List<Member.Item> items = new ArrayList<>();
        while (true) {
            skip(" ");
            if (taken(')')) {
                return new Member.InnerList(List.copyOf(items), parameters());
            }
            items.add(item());
            if (peek() != ' ' && peek() != ')') {
                throw new BadSignature("a list in brackets does not end");
            }
        }
    }

    private Member.Item item() {
        return new Member.Item(bareItem(), parameters());
    }

    private Parameters parameters() {
        if (peek() != ';') {
            return Parameters.NONE;
        }
        Map<String, BareItem> values = new LinkedHashMap<>();
        while (taken(';')) {
            skip(" ");
            String key = key();
            BareItem value = taken('=') ? bareItem() : BareItem.Truth.TRUE;
            values.remove(key);
            values.put(key, value);
        }
        return new Parameters(values);
    }

    private String key() {
        int start = at;
        if (!lower(peek()) && peek() != '*') {
            throw new BadSignature("a name is missing");
        }
        while (lower(peek()) || digit(peek()) || (peek() != 0 && KEY.indexOf(peek()) >= 0)) {
            at++;
        }
        return text.substring(start, at);
    }

    private BareItem bareItem() {
        char first = peek();
        if (first == '"') {
            return quoted();
        } else if (first == ':') {
            return bytes();
        } else if (first == '?') {
            return truth();
        } else if (first == '-' || digit(first)) {
            return number();
        } else if (first == '@') {
            at++;
            if (number() instanceof BareItem.Whole whole) {
                return new BareItem.Date(whole.value());
            }
            throw new BadSignature("a date with a fraction");
        } else if (letter(first) || first == '*') {
            return token();
        }
        throw new BadSignature("a value is missing");
    }

    private BareItem quoted() {
        StringBuilder value = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return new BareItem.Text(value.toString());
            }
            if (c == '\\') {
                at++;
                c = peek();
                if (c != '"' && c != '\\') {
                    break;
                }
            }
            if (c < ' ' || c > '~') {
                break;
            }
            value.append(c);
        }
        throw new BadSignature("a text does not end, or has a character that must not be in it");
    }

    private BareItem bytes() {
        int end = text.indexOf(':', at + 1);
        if (end < 0) {
            throw new BadSignature("bytes do not end");
        }
        String encoded = text.substring(at + 1, end);
        at = end + 1;
        try {
            return new BareItem.Bytes(Base64.getDecoder().decode(encoded));
        } catch (IllegalArgumentException malformed) {
            throw new BadSignature("bytes are not in base64");
        }
    }

    private BareItem truth() {
        at++;
        if (taken('1')) {
            return BareItem.Truth.TRUE;
        }
        if (taken('0')) {
            return new BareItem.Truth(false);
        }
        throw new BadSignature("neither true nor false");
    }

    private BareItem number() {
        int start = at;
        taken('-');
        int digits = digits();
        boolean fraction = taken('.');
        if (!fraction) {
            if (digits < 1 || digits > MOST_DIGITS) {
                throw new BadSignature("not a number, or too long a one");
            }
            return new BareItem.Whole(Long.parseLong(text.substring(start, at)));
        }
        int decimals = digits();
        if (digits < 1 || digits > MOST_BEFORE_POINT || decimals < 1 || decimals > MOST_DECIMALS) {
            throw new BadSignature("not a number, or too long a one");
        }
        return new BareItem.Fraction(new BigDecimal(text.substring(start, at)));
    }

    private int digits() {
        int start = at;
        while (digit(peek())) {
            at++;
        }
        return at - start;
    }

    private BareItem token() {
        int start = at;
        while (letter(peek()) || digit(peek()) || (peek() != 0 && TOKEN.indexOf(peek()) >= 0)) {
            at++;
        }
        return new BareItem.Token(text.substring(start, at));
    }

    /** Between two members stands a comma, with white space around it, and behind the last one nothing. */
    private void separator() {
        skip(" \t");
        if (!more()) {
            return;
        }
        if (!taken(',')) {
            throw new BadSignature("no comma between two members");
        }
        skip(" \t");
        if (!more()) {
            throw new BadSignature("a comma behind the last member");
        }
    }

    private boolean more() {
        return at < text.length();
    }

    private char peek() {
        return more() ? text.charAt(at) : 0;
    }

    private boolean taken(char expected) {
        boolean there = peek() == expected;
        if (there) {
            at++;
        }
        return there;
    }

    private void skip(String characters) {
        while (more() && characters.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private static boolean lower(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean letter(char c) {
        return lower(c) || (c >= 'A' && c <= 'Z');
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }
}
