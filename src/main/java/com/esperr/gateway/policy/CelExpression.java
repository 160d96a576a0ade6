package com.esperr.gateway.policy;

import com.esperr.gateway.request.FieldReference;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelMutableAst;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelMutableExpr;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.Program;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A CEL expression, checked, made null-safe and planned. Immutable and thread-safe.
 *
 * @param text as it was written
 * @param program answers true or false
 * @param implied a tree that is true whenever it is
 * @param fields what it reads, by number
 * @param tests what was prepared, by number
 * @param countries whether it has to know countries
 */
record CelExpression(
        String text,
        Program program,
        Expression implied,
        List<FieldReference> fields,
        List<Function<Inputs, Predicate<String>>> tests,
        boolean countries) {
    /**
     * Reads an expression.
     *
     * @throws IllegalArgumentException if it is none, or is not true or false; the message says where and why
     */
    static CelExpression parse(String text) {
        try {
            CelAbstractSyntaxTree written = sound(CelDialect.WRITTEN.compile(text));
            if (!written.getResultType().equals(SimpleType.BOOL)) {
                throw new IllegalArgumentException("expected type 'bool' but found '"
                        + written.getResultType().name() + "'");
            }
            CelMutableAst tree = CelMutableAst.fromCelAst(written);
            CelNames names = new CelNames();
            Expression implied = CelImplied.by(tree.expr());
            CelMutableExpr truth = new CelRewriter(id -> written.getType(id).orElse(null), names).truth(tree.expr());
            CelParts.number(truth, 1);
            CelAbstractSyntaxTree rewritten = sound(CelDialect.REWRITTEN.check(
                    CelMutableAst.of(truth, tree.source()).toParsedAst()));
            Program program = CelDialect.RUNTIME.createProgram(rewritten);
            return new CelExpression(text, program, implied, names.fields(), names.tests(), names.countries());
        } catch (CelValidationException | CelEvaluationException unsound) {
            throw new IllegalArgumentException(unsound.getMessage(), unsound);
        }
    }

    private static CelAbstractSyntaxTree sound(CelValidationResult result) throws CelValidationException {
        if (result.hasError()) {
            List<CelIssue> issues = result.getErrors();
            CelIssue first = issues.get(0);
            CelSourceLocation at = first.getSourceLocation();
            // The parser lists every token that it would have taken.
            String why = first.getMessage().replaceAll(" expecting \\{.*", "").replace(" (in container '')", "");
            throw new IllegalArgumentException(
                    "line " + at.getLine() + ", column " + (at.getColumn() + 1) + ": " + why);
        }
        return result.getAst();
    }
}
