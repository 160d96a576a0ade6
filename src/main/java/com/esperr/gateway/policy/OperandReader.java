package com.esperr.gateway.policy;

import com.esperr.gateway.config.Section;
import com.esperr.gateway.net.Cidr;
import com.esperr.gateway.net.IpAddress;
import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.request.RequestField;
import com.google.re2j.PatternSyntaxException;
import java.time.Instant;
import java.util.List;

/**
 * Reads what a field is compared with and puts it into its canonical spelling; what is wrong is reported to the section.
 * Stateless.
 */
final class OperandReader {
    private static final String KEY = "value";

    private OperandReader() {}

    static List<String> read(Section section, FieldReference field, Operator operator) {
        boolean address = field.field() == RequestField.CLIENT_IP;
        return switch (operator.operand()) {
            case NONE -> none(section, operator);
            case TEXT -> address ? List.of(address(section)) : List.of(text(section));
            case SUBSTRING -> List.of(substring(section));
            case TEXTS, SUBSTRINGS -> list(section, operator, address);
            case REGEX -> List.of(regex(section));
            case NUMBER -> List.of(field.field() == RequestField.OBSERVED_AT ? time(section) : number(section));
            case NETWORKS -> networks(section);
            case COUNTRIES -> atLeastOne(section, section.parsedList(KEY, Countries.EXPECTATION, Countries::code));
        };
    }

    private static List<String> none(Section section, Operator operator) {
        if (section.has(KEY)) {
            section.problem(KEY, "given", "none with " + operator.label());
        }
        return List.of();
    }

    private static String text(Section section) {
        return section.parsed(KEY, "one text; operator in takes several", "", text -> text);
    }

    private static String address(Section section) {
        return section.parsed(
                KEY,
                "an IP address; for networks use in_range",
                "0.0.0.0",
                text -> IpAddress.parse(text.strip()).toString());
    }

    private static String substring(Section section) {
        return section.parsed(KEY, "a text that is not empty", "-", OperandReader::notEmpty);
    }

    private static List<String> list(Section section, Operator operator, boolean address) {
        List<String> texts = address && operator.operand() == Operator.Operand.TEXTS
                ? section.parsedList(
                        KEY,
                        "an IP address; for networks use in_range",
                        text -> IpAddress.parse(text.strip()).toString())
                : operator.operand() == Operator.Operand.SUBSTRINGS
                        ? section.parsedList(KEY, "a text that is not empty", OperandReader::notEmpty)
                        : section.strings(KEY);
        return atLeastOne(section, texts);
    }

    /** Whether an empty list, or its spelling as a text, stands there: not one whose elements were all bad. */
    static boolean isEmpty(Section section, String key) {
        Object raw = section.raw(key);
        return raw instanceof List<?> list ? list.isEmpty() : raw instanceof String text && text.isBlank();
    }

    private static List<String> networks(Section section) {
        List<List<Cidr>> networks = section.parsedList(
                KEY,
                "a network without host bits such as 10.0.0.0/8, an IP address, loopback or private",
                Cidr::parseNamed);
        return atLeastOne(
                section,
                networks.stream().flatMap(List::stream).map(Cidr::toString).toList());
    }

    private static List<String> atLeastOne(Section section, List<String> texts) {
        if (texts.isEmpty() && (!section.has(KEY) || isEmpty(section, KEY))) {
            section.problem(KEY, section.has(KEY) ? "[]" : "missing", "at least one value");
        }
        return texts;
    }

    private static String regex(Section section) {
        String text = substring(section);
        try {
            Regexes.finder(text, false);
        } catch (PatternSyntaxException malformed) {
            section.problem(KEY, text, "a regular expression of RE2; " + malformed.getDescription());
        } catch (IllegalArgumentException tooLarge) {
            section.problem(KEY, text, String.valueOf(tooLarge.getMessage()));
        }
        return text;
    }

    private static String number(Section section) {
        return section.parsed(
                KEY,
                "a number",
                "0",
                text -> Numbers.parse(text.strip()).stripTrailingZeros().toPlainString());
    }

    private static String time(Section section) {
        return section.parsed(
                KEY,
                "a time such as \"2026-05-04T08:15:30Z\"",
                "1970-01-01T00:00:00Z",
                text -> Instant.parse(text.strip()).toString());
    }

    private static String notEmpty(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("empty");
        }
        return text;
    }
}
