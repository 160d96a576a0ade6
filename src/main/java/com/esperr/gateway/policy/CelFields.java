package com.esperr.gateway.policy;

import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.request.RequestField;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.ast.CelMutableExpr;
import dev.cel.common.ast.CelMutableExpr.CelMutableCall;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Recognises fields in a CEL expression. Confined to the thread that compiles. */
final class CelFields {
    /** Variables of the macros around the current place, which may have the name of a field. */
    private final List<String> bound = new ArrayList<>();

    /** These names mean something else from here on. */
    void hide(List<String> names) {
        bound.addAll(names);
    }

    /** The names that were hidden last mean fields again. */
    void show(List<String> names) {
        bound.subList(bound.size() - names.size(), bound.size()).clear();
    }

    /** The field that an expression reads as a text, or null. */
    @Nullable
    FieldReference field(CelMutableExpr written) {
        switch (written.getKind()) {
            case IDENT -> {
                RequestField field = named(written.ident().name());
                return field == null || field.named() || field == RequestField.OBSERVED_AT
                        ? null
                        : new FieldReference(field, "");
            }
            case SELECT -> {
                RequestField map = map(written.select().operand());
                return map == null
                        ? null
                        : new FieldReference(map, name(map, written.select().field()));
            }
            case CALL -> {
                CelMutableCall call = written.call();
                return call.function().equals("_[_]")
                        ? member(call.args().get(0), call.args().get(1))
                        : null;
            }
            default -> {
                return null;
            }
        }
    }

    /** The member of a field with names, or null if it is no such field or the name is not written out. */
    @Nullable
    FieldReference member(CelMutableExpr map, CelMutableExpr key) {
        RequestField field = map(map);
        if (field == null) {
            return null;
        }
        if (!isText(key)) {
            wholeBody(field);
            return null;
        }
        return new FieldReference(field, name(field, key.constant().stringValue()));
    }

    /** Whether a text is written out here. */
    static boolean isText(CelMutableExpr written) {
        return written.getKind() == Kind.CONSTANT && written.constant().getKind() == CelConstant.Kind.STRING_VALUE;
    }

    /** The name of a member as its field wants it. */
    static String name(RequestField field, String written) {
        if (written.isEmpty()) {
            throw new IllegalArgumentException(field.label() + " takes a name that is not empty");
        }
        return FieldReference.parse(field.label() + '[' + written + ']').name();
    }

    /** The field with names that stands here, or null. */
    @Nullable
    RequestField map(CelMutableExpr written) {
        RequestField field =
                written.getKind() == Kind.IDENT ? named(written.ident().name()) : null;
        return field != null && field.named() ? field : null;
    }

    private @Nullable RequestField named(String name) {
        return bound.contains(name) ? null : CelNames.fieldOrNull(name);
    }

    /** Only what is asked for by name is looked for in a body. */
    static void wholeBody(@Nullable RequestField field) {
        if (field == RequestField.BODY) {
            throw new IllegalArgumentException("body takes a name that is written out, body[\"user->email\"]");
        }
    }
}
