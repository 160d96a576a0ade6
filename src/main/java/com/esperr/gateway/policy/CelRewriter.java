package com.esperr.gateway.policy;

import com.esperr.gateway.request.FieldReference;
import com.esperr.gateway.request.RequestField;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.ast.CelMutableExpr;
import dev.cel.common.ast.CelMutableExpr.CelMutableCall;
import dev.cel.common.ast.CelMutableExpr.CelMutableComprehension;
import dev.cel.common.ast.CelMutableExpr.CelMutableMap;
import dev.cel.common.ast.CelMutableExpr.CelMutableSelect;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes a checked CEL expression null-safe, as condition trees are: every comparison that reads a field which a request may
 * lack is true only if the field is there, so that {@code user_agent.contains("x")} is false without a user agent and its
 * negation true. Fields become single values that are read when they are asked for, and what can be prepared (regular
 * expressions, networks, countries) becomes a prepared test. Confined to the thread that compiles.
 */
final class CelRewriter {
    private static final Set<RequestField> ALWAYS_THERE = Set.of(
            RequestField.REQUEST_METHOD,
            RequestField.REQUEST_PATH,
            RequestField.SOURCE_ID,
            RequestField.CLIENT_IP,
            RequestField.OBSERVED_AT);
    private static final Set<String> LOGIC = Set.of("_&&_", "_||_", "!_", "@not_strictly_false", "_?_:_");

    private final LongFunction<@Nullable CelType> types;
    private final CelNames names;
    private final CelFields fields = new CelFields();

    CelRewriter(LongFunction<@Nullable CelType> types, CelNames names) {
        this.types = types;
        this.names = names;
    }

    /** The null-safe form of an expression that is true or false. */
    CelMutableExpr truth(CelMutableExpr written) {
        return switch (written.getKind()) {
            case CALL -> call(written);
            case SELECT -> written.select().testOnly() ? presence(written) : atom(written);
            case COMPREHENSION -> atom(written);
            default -> written;
        };
    }

    private CelMutableExpr call(CelMutableExpr written) {
        CelMutableCall call = written.call();
        if (LOGIC.contains(call.function())) {
            for (int i = 0; i < call.args().size(); i++) {
                call.setArg(i, truth(call.args().get(i)));
            }
            return written;
        }
        if (call.function().equals("_!=_")) {
            call.setFunction("_==_");
            return not(atom(written));
        }
        if (call.function().equals("@in")) {
            FieldReference field = fields.member(call.args().get(1), call.args().get(0));
            if (field != null) {
                return present(field);
            }
        }
        return atom(written);
    }

    private CelMutableExpr presence(CelMutableExpr written) {
        CelMutableSelect select = written.select();
        RequestField map = fields.map(select.operand());
        return map == null ? written : present(new FieldReference(map, CelFields.name(map, select.field())));
    }

    private CelMutableExpr atom(CelMutableExpr written) {
        CelGuards guards = new CelGuards();
        return guards.before(parts(written, guards));
    }

    /** The null-safe form of any expression; what must be there for its sake goes into {@code guards}. */
    private CelMutableExpr value(CelMutableExpr written, CelGuards guards) {
        if (SimpleType.BOOL.equals(types.apply(written.id()))) {
            return truth(written);
        }
        FieldReference field = fields.field(written);
        if (field != null) {
            if (!ALWAYS_THERE.contains(field.field())) {
                guards.add(present(field));
            }
            return CelMutableExpr.ofIdent(CelDialect.VALUE + names.field(field));
        }
        if (written.getKind() == Kind.CALL && written.call().function().equals("_?_:_")) {
            return choice(written, guards);
        }
        return parts(written, guards);
    }

    /** The expression itself, with its parts null-safe. */
    private CelMutableExpr parts(CelMutableExpr written, CelGuards guards) {
        switch (written.getKind()) {
            case CALL -> {
                return arguments(written, guards);
            }
            case SELECT -> written.select().setOperand(value(written.select().operand(), guards));
            case LIST -> {
                List<CelMutableExpr> elements = written.list().elements();
                for (int i = 0; i < elements.size(); i++) {
                    written.list().setElement(i, value(elements.get(i), guards));
                }
            }
            case MAP -> {
                for (CelMutableMap.Entry entry : written.map().entries()) {
                    entry.setKey(value(entry.key(), guards));
                    entry.setValue(value(entry.value(), guards));
                }
            }
            case COMPREHENSION -> loop(written.comprehension(), guards);
            case IDENT -> CelFields.wholeBody(fields.map(written));
            default -> {}
        }
        return written;
    }

    private CelMutableExpr arguments(CelMutableExpr written, CelGuards guards) {
        CelMutableCall call = written.call();
        CelMutableExpr prepared = prepared(call, guards);
        if (prepared != null) {
            return prepared;
        }
        call.target().ifPresent(target -> call.setTarget(value(target, guards)));
        for (int i = 0; i < call.args().size(); i++) {
            call.setArg(i, value(call.args().get(i), guards));
        }
        if (call.function().equals("_[_]") && fields.map(call.args().get(0)) != null) {
            guards.add(call("@in", copy(call.args().get(1)), copy(call.args().get(0))));
        }
        return written;
    }

    private @Nullable CelMutableExpr prepared(CelMutableCall call, CelGuards guards) {
        CelMutableExpr subject = call.target().orElseGet(() -> call.args().get(0));
        CelMutableExpr operand =
                call.args().isEmpty() ? subject : call.args().get(call.args().size() - 1);
        switch (call.function()) {
            case CelDialect.MATCHES, CelDialect.IN_RANGE, CelDialect.IN_COUNTRY -> {
                int test = names.test(call.function(), texts(call.function(), operand));
                return call(CelDialect.APPLY, value(subject, guards), CelMutableExpr.ofIdent(CelDialect.TEST + test));
            }
            default -> {
                return null;
            }
        }
    }

    private static List<String> texts(String function, CelMutableExpr operand) {
        List<CelMutableExpr> all =
                operand.getKind() == Kind.LIST ? operand.list().elements() : List.of(operand);
        List<String> texts = new ArrayList<>();
        for (CelMutableExpr one : all) {
            if (!CelFields.isText(one)) {
                throw new IllegalArgumentException(function + " takes a text that is written out");
            }
            texts.add(one.constant().stringValue());
        }
        return texts;
    }

    private CelMutableExpr choice(CelMutableExpr written, CelGuards guards) {
        CelMutableCall call = written.call();
        CelGuards first = new CelGuards();
        CelGuards second = new CelGuards();
        CelMutableExpr asked = truth(call.args().get(0));
        call.setArg(0, asked);
        call.setArg(1, value(call.args().get(1), first));
        call.setArg(2, value(call.args().get(2), second));
        if (!first.isEmpty() || !second.isEmpty()) {
            guards.add(call("_?_:_", copy(asked), first.all(), second.all()));
        }
        return written;
    }

    private void loop(CelMutableComprehension loop, CelGuards guards) {
        loop.setIterRange(value(loop.iterRange(), guards));
        loop.setAccuInit(value(loop.accuInit(), guards));
        List<String> own = List.of(loop.iterVar(), loop.iterVar2(), loop.accuVar());
        fields.hide(own);
        CelGuards inside = new CelGuards();
        loop.setLoopCondition(value(loop.loopCondition(), inside));
        loop.setLoopStep(value(loop.loopStep(), inside));
        loop.setResult(value(loop.result(), inside));
        fields.show(own);
        // What depends on the loop's own variables cannot be asked before it; there a missing value is an error.
        inside.without(new HashSet<>(own)).forEach(guards::add);
    }

    private CelMutableExpr present(FieldReference field) {
        return CelMutableExpr.ofIdent(CelDialect.PRESENT + names.field(field));
    }

    private static CelMutableExpr not(CelMutableExpr part) {
        return call("!_", part);
    }

    private static CelMutableExpr call(String function, CelMutableExpr... args) {
        return CelMutableExpr.ofCall(CelMutableCall.create(function, args));
    }

    private static CelMutableExpr copy(CelMutableExpr original) {
        return CelMutableExpr.newInstance(original);
    }
}
