// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.lint;

import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.Tree;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Name;
import javax.lang.model.element.TypeElement;
import org.jspecify.annotations.Nullable;

/** Reports calls whose result, an awaitable that does not run by itself, is dropped. */
final class DroppedResults {

    /** The methods of test libraries that expect a lambda to fail. */
    private static final Set<String> EXPECTING_FAILURE = Set.of(
            "assertThrows",
            "assertThrowsExactly",
            "assertThatThrownBy",
            "catchThrowable",
            "catchThrowableOfType",
            "isThrownBy");

    /** How the names begin of the classes whose results record a call or check it, when a method is called on them. */
    private static final Set<String> MOCKING = Set.of("org.mockito.", "org.easymock.");

    private final Types types;
    private final Findings findings;
    private final Annotations annotations;

    /** The lambdas that are expected to fail. */
    private final Set<Tree> failing = Collections.newSetFromMap(new IdentityHashMap<>());

    /** The lambdas that run while the method is called to which they are given. */
    private final Set<Tree> inPlace = Collections.newSetFromMap(new IdentityHashMap<>());

    DroppedResults(Types types, Findings findings) {
        this.types = types;
        this.findings = findings;
        this.annotations = new Annotations(types);
    }

    /** Whether a method with this name may expect the lambda given to it to fail. */
    boolean expectsFailure(@Nullable Name name) {
        return name != null && name.length() > 9 && EXPECTING_FAILURE.contains(name.toString());
    }

    /** Notes what {@code method} does with the lambdas among its arguments. */
    void noteArguments(MethodInvocationTree call, ExecutableElement method) {
        for (ExpressionTree argument : call.getArguments()) {
            if (argument instanceof LambdaExpressionTree || argument instanceof MemberReferenceTree) {
                if (expectsFailure(method.getSimpleName())) {
                    failing.add(argument);
                }
                if (runsInPlace(method)) {
                    inPlace.add(argument);
                }
            }
        }
    }

    /** Whether {@code method}, of a collection, a stream or the like, calls a lambda on the same thread. */
    private static boolean runsInPlace(ExecutableElement method) {
        String owner = method.getEnclosingElement() instanceof TypeElement type
                ? type.getQualifiedName().toString()
                : "";
        return owner.equals("java.lang.Iterable")
                || (owner.startsWith("java.util.")
                        && !owner.startsWith("java.util.concurrent.")
                        && !owner.startsWith("java.util.function."));
    }

    /** Whether {@code lambda} runs while the method is called to which it is given. */
    boolean runsInPlace(LambdaExpressionTree lambda) {
        return inPlace.contains(lambda);
    }

    /** Whether {@code lambda} is given to a method that expects it to fail. */
    boolean mayFail(Tree lambda) {
        return failing.contains(lambda);
    }

    /** Whether {@code expression} calls a method that returns an awaitable which does not run by itself. */
    boolean isColdCall(@Nullable ExpressionTree expression) {
        return expression instanceof MethodInvocationTree call && types.returnsCold(types.method(call));
    }

    /** Checks a call that is a statement of {@code body}. */
    void byStatement(MethodInvocationTree call, @Nullable Body body) {
        ExecutableElement method = types.method(call);
        if (method != null && types.returnsCold(method) && !isOfMock(call)) {
            String noun = types.noun(method.getReturnType());
            findings.error(call, Messages.dropped(noun, method.getSimpleName(), body));
        }
    }

    /**
     * Checks a call that is the body of a lambda that returns nothing.
     *
     * @param mayFail whether the lambda is expected to fail. A call of an {@code @Async} method cannot.
     */
    void byLambda(MethodInvocationTree call, boolean mayFail) {
        ExecutableElement method = types.method(call);
        if (method != null
                && types.returnsCold(method)
                && !isOfMock(call)
                && !(mayFail && !annotations.isAsync(method))) {
            String noun = types.noun(method.getReturnType());
            findings.error(call, Messages.droppedByLambda(noun, method.getSimpleName()));
        }
    }

    /** Checks a method reference. */
    void byReference(MemberReferenceTree reference) {
        ExecutableElement method = types.method(reference);
        if (method != null
                && types.returnsCold(method)
                && types.returnsVoid(reference)
                && !(mayFail(reference) && !annotations.isAsync(method))) {
            String noun = types.noun(method.getReturnType());
            findings.error(reference, Messages.droppedByLambda(noun, method.getSimpleName()));
        }
    }

    /** Whether {@code call} calls a method of an object that a library for mocks has returned. */
    private boolean isOfMock(MethodInvocationTree call) {
        ExpressionTree receiver =
                call.getMethodSelect() instanceof MemberSelectTree select ? select.getExpression() : null;
        if (!(receiver instanceof MethodInvocationTree inner)) {
            return false;
        }
        ExecutableElement method = types.method(inner);
        return isOfMock(inner) || (method != null && isOfMocking(method.getEnclosingElement()));
    }

    private static boolean isOfMocking(@Nullable Element type) {
        String name =
                type instanceof TypeElement element ? element.getQualifiedName().toString() : "";
        return MOCKING.stream().anyMatch(name::startsWith);
    }
}
