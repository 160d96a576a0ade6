package com.esperr.gateway.signatures;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One signature that a message brings: what it covers, what it says about itself, and its bytes. Immutable. Nothing of it is
 * true before {@link SignatureKey#verifies} has said so.
 */
public final class MessageSignature {
    private static final int MOST = 4;
    private static final int MOST_COMPONENTS = 32;
    /** For each the whole field, or query, is read again. */
    private static final int MOST_PARTS = 8;

    private final String label;
    private final Member.InnerList covered;
    private final byte[] bytes;

    private MessageSignature(String label, Member.InnerList covered, byte[] bytes) {
        this.label = label;
        this.covered = covered;
        this.bytes = bytes;
    }

    /**
     * The signatures of {@code message}, in their order.
     *
     * @throws BadSignature if what is there is not well-formed, or is too much
     */
    public static List<MessageSignature> in(SignedMessage message) {
        Map<String, Member> inputs = Components.dictionary(message.fields(), "signature-input");
        Map<String, Member> signatures = Components.dictionary(message.fields(), "signature");
        if (inputs.size() > MOST) {
            throw new BadSignature("more than " + MOST + " signatures");
        }
        List<MessageSignature> found = new ArrayList<>();
        inputs.forEach((label, input) -> {
            if (!(input instanceof Member.InnerList covered)
                    || !(signatures.get(label) instanceof Member.Item item)
                    || !(item.value() instanceof BareItem.Bytes bytes)) {
                throw new BadSignature("signature " + label + " is not complete");
            }
            if (covered.items().size() > MOST_COMPONENTS || parts(covered) > MOST_PARTS) {
                throw new BadSignature("signature " + label + " covers too much");
            }
            found.add(new MessageSignature(label, covered, bytes.value()));
        });
        return found;
    }

    private static long parts(Member.InnerList covered) {
        return covered.items().stream()
                .filter(item -> !item.parameters().names().isEmpty())
                .count();
    }

    /**
     * What Signature-Agent says about the signature called {@code label} (a dictionary since the drafts of 2025, one text
     * before), or null.
     */
    public static @Nullable String agent(SignedMessage message, String label) {
        List<String> values = message.fields().all("signature-agent");
        if (values.isEmpty()) {
            return null;
        }
        String joined = String.join(", ", values);
        BareItem value;
        if (joined.strip().startsWith("\"")) {
            value = StructuredFields.item(joined).value();
        } else {
            value = StructuredFields.dictionary(joined).get(label) instanceof Member.Item item ? item.value() : null;
        }
        if (value instanceof BareItem.Text text) {
            return text.value();
        }
        throw new BadSignature("Signature-Agent says nothing about " + label);
    }

    /** The name under which it stands in the message. */
    public String label() {
        return label;
    }

    /** When it was made, in seconds since 1970, or null. */
    public @Nullable Long created() {
        return covered.parameters().number("created");
    }

    /** When it ends, in seconds since 1970, or null. */
    public @Nullable Long expires() {
        return covered.parameters().number("expires");
    }

    /** The name of the key, or null. */
    public @Nullable String keyId() {
        return covered.parameters().text("keyid");
    }

    /** The name of the algorithm, or null: then the key says which. */
    public @Nullable String algorithm() {
        return covered.parameters().text("alg");
    }

    /** What it is for, or null. */
    public @Nullable String tag() {
        return covered.parameters().text("tag");
    }

    /** What makes it differ from any other, or null. */
    public @Nullable String nonce() {
        return covered.parameters().text("nonce");
    }

    /** Whether a component called {@code name} is covered, as a whole or a part of it. */
    public boolean covers(String name) {
        return covered.items().stream()
                .anyMatch(item -> item.value() instanceof BareItem.Text text
                        && text.value().equals(name));
    }

    /**
     * What was signed (RFC 9421 section 2.5).
     *
     * @throws BadSignature if {@code message} does not have what is covered
     */
    public byte[] base(SignedMessage message) {
        StringBuilder base = new StringBuilder();
        Set<String> seen = new HashSet<>();
        for (Member.Item item : covered.items()) {
            if (!(item.value() instanceof BareItem.Text name)) {
                throw new BadSignature("a component without a name");
            }
            String identifier = item.toString();
            if (!seen.add(identifier)) {
                throw new BadSignature("a component twice");
            }
            String value = Components.value(message, name.value(), item.parameters());
            base.append(identifier).append(": ").append(value).append('\n');
        }
        base.append("\"@signature-params\": ").append(covered);
        return base.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The bytes of the signature; shared, not to be modified. */
    byte[] bytes() {
        return bytes;
    }
}
