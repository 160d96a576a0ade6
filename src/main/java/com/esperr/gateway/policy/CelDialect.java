package com.esperr.gateway.policy;

import com.esperr.gateway.request.RequestField;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.List;
import java.util.function.Predicate;

/**
 * The words of CEL expressions: the field model's names, typed, and a few functions; and the bounds within which they run.
 * Stateless; the compiler and the runtime are thread-safe and made once, as their classes take long to load.
 *
 * <p>Names that begin with an at sign cannot be written by anybody. They stand in the rewritten expression for the value of a
 * field ({@code @v0}), for its presence ({@code @p0}) and for a test that was compiled beforehand ({@code @t0}).
 */
final class CelDialect {
    /** Longest expression. */
    static final int MAX_LENGTH = 2_000;
    /** Most fields, and most prepared tests, of one expression. */
    static final int MAX_NAMES = 64;

    static final String VALUE = "@v";
    static final String PRESENT = "@p";
    static final String TEST = "@t";
    static final String APPLY = "@test";

    static final String MATCHES = "matches";
    static final String IN_RANGE = "in_range";
    static final String IN_COUNTRY = "in_country";
    private static final String LOWER = "lowerAscii";

    private static final int MAX_DEPTH = 40;
    private static final int MAX_ITERATIONS = 2_000;
    private static final CelOptions OPTIONS = CelOptions.current()
            .enableHeterogeneousNumericComparisons(true)
            .comprehensionMaxIterations(MAX_ITERATIONS)
            .maxExpressionCodePointSize(MAX_LENGTH)
            .maxParseRecursionDepth(MAX_DEPTH)
            .maxParseErrorRecoveryLimit(1)
            .build();

    /** Reads what people write. */
    static final CelCompiler WRITTEN = written();
    /** Reads what became of it. */
    static final CelCompiler REWRITTEN = rewritten();

    static final CelRuntime RUNTIME = CelRuntimeFactory.plannerRuntimeBuilder()
            .setOptions(OPTIONS)
            .addFunctionBindings(CelFunctionBinding.fromOverloads(
                    APPLY, CelFunctionBinding.from("@test_string", String.class, Predicate.class, CelDialect::apply)))
            .addFunctionBindings(CelFunctionBinding.fromOverloads(
                    LOWER, CelFunctionBinding.from("string_lower_ascii", String.class, CelDialect::lower)))
            .build();

    private CelDialect() {}

    private static CelCompilerBuilder common() {
        CelCompilerBuilder builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .setResultType(SimpleType.BOOL);
        for (RequestField field : RequestField.values()) {
            builder.addVar(
                    field.label(),
                    field.named()
                            ? MapType.create(SimpleType.STRING, SimpleType.STRING)
                            : field == RequestField.OBSERVED_AT ? SimpleType.TIMESTAMP : SimpleType.STRING);
        }
        return builder.addFunctionDeclarations(CelFunctionDecl.newFunctionDeclaration(
                LOWER, CelOverloadDecl.newMemberOverload("string_lower_ascii", SimpleType.STRING, SimpleType.STRING)));
    }

    private static CelCompiler written() {
        CelCompilerBuilder builder = common();
        for (String function : List.of(IN_RANGE, IN_COUNTRY)) {
            builder.addFunctionDeclarations(CelFunctionDecl.newFunctionDeclaration(
                    function,
                    CelOverloadDecl.newGlobalOverload(
                            function + "_one", SimpleType.BOOL, SimpleType.STRING, SimpleType.STRING),
                    CelOverloadDecl.newGlobalOverload(
                            function + "_list",
                            SimpleType.BOOL,
                            SimpleType.STRING,
                            ListType.create(SimpleType.STRING))));
        }
        return builder.build();
    }

    private static CelCompiler rewritten() {
        CelCompilerBuilder builder = common();
        for (int i = 0; i < MAX_NAMES; i++) {
            builder.addVar(VALUE + i, SimpleType.STRING);
            builder.addVar(PRESENT + i, SimpleType.BOOL);
            builder.addVar(TEST + i, SimpleType.DYN);
        }
        return builder.addFunctionDeclarations(CelFunctionDecl.newFunctionDeclaration(
                        APPLY,
                        CelOverloadDecl.newGlobalOverload(
                                "@test_string", SimpleType.BOOL, SimpleType.STRING, SimpleType.DYN)))
                .build();
    }

    @SuppressWarnings("unchecked")
    private static boolean apply(String value, Predicate<?> test) {
        return ((Predicate<String>) test).test(value);
    }

    private static String lower(String value) {
        char[] chars = value.toCharArray();
        for (int i = 0; i < chars.length; i++) {
            if (chars[i] >= 'A' && chars[i] <= 'Z') {
                chars[i] += (char) ('a' - 'A');
            }
        }
        return new String(chars);
    }
}
