// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.lint;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import java.util.Set;
import javax.lang.model.element.ExecutableElement;

/** Reports awaitables that are used as if they were their results: as a text, or compared with another value. */
final class MistakenResults {

    private static final Set<Tree.Kind> OPERATORS =
            Set.of(Tree.Kind.PLUS, Tree.Kind.EQUAL_TO, Tree.Kind.NOT_EQUAL_TO);

    /** The methods that make a text of any object. */
    private static final Set<String> TEXTS = Set.of("println", "print", "valueOf");

    private final Types types;
    private final Findings findings;

    MistakenResults(Types types, Findings findings) {
        this.types = types;
        this.findings = findings;
    }

    void operands(BinaryTree expression) {
        if (OPERATORS.contains(expression.getKind())) {
            check(expression.getLeftOperand());
            check(expression.getRightOperand());
        }
    }

    void argument(MethodInvocationTree call, ExecutableElement method) {
        if (TEXTS.contains(method.getSimpleName().toString()) && call.getArguments().size() == 1) {
            check(call.getArguments().get(0));
        }
    }

    private void check(ExpressionTree value) {
        ExpressionTree inner = value;
        while (inner instanceof ParenthesizedTree parentheses) {
            inner = parentheses.getExpression();
        }
        ExecutableElement method = inner instanceof MethodInvocationTree ? types.method(inner) : null;
        if (method != null && types.returnsCold(method)) {
            findings.warning(
                    inner, Messages.notTheResult(types.noun(method.getReturnType()), method.getSimpleName()));
        }
    }
}
