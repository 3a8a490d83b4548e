// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.lint;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.CatchTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.util.TreeScanner;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Name;
import org.jspecify.annotations.Nullable;

/** Looks into lambdas that return a coroutine, and not into the lambdas and classes inside them. */
final class CoroutineLambdas {

    private final Types types;

    CoroutineLambdas(Types types) {
        this.types = types;
    }

    /** The name of the method that {@code call} calls, as it is written. */
    static @Nullable Name name(MethodInvocationTree call) {
        ExpressionTree select = call.getMethodSelect();
        if (select instanceof IdentifierTree identifier) {
            return identifier.getName();
        }
        return select instanceof MemberSelectTree member ? member.getIdentifier() : null;
    }

    /** Looks at one body, and not at the lambdas and classes inside it. */
    abstract static class OneBody extends TreeScanner<@Nullable Void, @Nullable Void> {
        @Override
        public @Nullable Void visitLambdaExpression(LambdaExpressionTree node, @Nullable Void none) {
            return null;
        }

        @Override
        public @Nullable Void visitClass(ClassTree node, @Nullable Void none) {
            return null;
        }
    }

    /** Finds an await. */
    static class Awaits extends OneBody {
        private final Types types;
        private boolean found;

        Awaits(Types types) {
            this.types = types;
        }

        /** Whether there is an await in the code that has been scanned. */
        final boolean found() {
            return found;
        }

        @Override
        public @Nullable Void visitMethodInvocation(MethodInvocationTree call, @Nullable Void none) {
            found |= types.isNameOfAwait(name(call)) && types.isAwait(types.method(call));
            return super.visitMethodInvocation(call, null);
        }
    }

    private final class Returns extends OneBody {
        private final Findings findings;
        private int tries;

        Returns(Findings findings) {
            this.findings = findings;
        }

        @Override
        public @Nullable Void visitTry(TryTree node, @Nullable Void none) {
            scan(node.getResources(), null);
            tries++;
            scan(node.getBlock(), null);
            tries--;
            BlockTree last = node.getFinallyBlock();
            tries += last == null ? 0 : 1;
            for (CatchTree handler : node.getCatches()) {
                scan(handler, null);
            }
            tries -= last == null ? 0 : 1;
            return scan(last, null);
        }

        @Override
        public @Nullable Void visitReturn(ReturnTree node, @Nullable Void none) {
            if (tries > 0 && node.getExpression() instanceof MethodInvocationTree call && !isResult(call)) {
                findings.warning(call, Messages.TRY_IN_LAMBDA);
            }
            return super.visitReturn(node, null);
        }

        /** Whether {@code call} calls {@code Coroutine.of} or {@code done}: no code runs in such a coroutine. */
        private boolean isResult(MethodInvocationTree call) {
            ExecutableElement method = types.method(call);
            return method == null || Types.isNamed(method.getEnclosingElement(), Types.COROUTINE);
        }
    }

    /** Whether {@code code} awaits. */
    boolean awaits(Tree code) {
        Awaits awaits = new Awaits(types);
        awaits.scan(code, null);
        return awaits.found;
    }

    /** Reports the returns of coroutines from inside a {@code try} of {@code lambda}, which has no await. */
    void reportReturns(LambdaExpressionTree lambda, Findings findings) {
        Tree body = lambda.getBody();
        if (body instanceof BlockTree) {
            new Returns(findings).scan(body, null);
        }
    }
}
