// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.lint;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BreakTree;
import com.sun.source.tree.CatchTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.ThrowTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.UnionTypeTree;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Element;
import org.jspecify.annotations.Nullable;

/** Finds loops that continue when their task is cancelled, since they await in a {@code try} that catches everything. */
final class SwallowedCancellations {

    private static final String CANCELLED = "dev.heddle.CancelledError";

    /** The types that catch a cancellation. */
    private static final Set<String> CATCHING = Set.of("java.lang.Throwable", "java.lang.Error", CANCELLED);

    /** The methods that handle cancellation, or end the program. */
    private static final Set<String> LEAVING = Set.of("uncancel", "exit", "halt");

    private final Types types;
    private final Findings findings;

    SwallowedCancellations(Types types, Findings findings) {
        this.types = types;
        this.findings = findings;
    }

    /** Whether a statement leaves the loop or may end it, or the program handles cancellation. */
    private static final class Leaves extends CoroutineLambdas.OneBody {
        private boolean found;

        @Override
        public @Nullable Void visitThrow(ThrowTree node, @Nullable Void none) {
            found = true;
            return null;
        }

        @Override
        public @Nullable Void visitReturn(ReturnTree node, @Nullable Void none) {
            found = true;
            return null;
        }

        @Override
        public @Nullable Void visitBreak(BreakTree node, @Nullable Void none) {
            found = true;
            return null;
        }

        @Override
        public @Nullable Void visitMethodInvocation(MethodInvocationTree node, @Nullable Void none) {
            var name = CoroutineLambdas.name(node);
            found |= name != null && LEAVING.contains(name.toString());
            return super.visitMethodInvocation(node, null);
        }

        @Override
        public @Nullable Void visitAssignment(AssignmentTree node, @Nullable Void none) {
            found = true; // the condition of the loop may read the variable
            return null;
        }
    }

    /** Finds an await that can throw a cancellation out of the scanned code. */
    private final class Awaits extends CoroutineLambdas.Awaits {
        Awaits() {
            super(SwallowedCancellations.this.types);
        }

        @Override
        public @Nullable Void visitTry(TryTree node, @Nullable Void none) {
            boolean isCaught = node.getCatches().stream()
                    .anyMatch(handler -> caught(handler.getParameter().getType()) != null);
            return isCaught ? null : super.visitTry(node, null);
        }
    }

    /** Checks {@code statement}, which is inside a loop of a coroutine. */
    void check(TryTree statement) {
        for (CatchTree handler : statement.getCatches()) {
            Element caught = caught(handler.getParameter().getType());
            if (caught != null) {
                if (!Types.isNamed(caught, CANCELLED) && !leaves(handler) && awaits(statement)) {
                    findings.warning(handler, Messages.swallows(caught.getSimpleName()));
                }
                return; // the first one catches it, on purpose if it names the type
            }
        }
    }

    private boolean awaits(TryTree statement) {
        Awaits awaits = new Awaits();
        awaits.scan(statement.getResources(), null);
        awaits.scan(statement.getBlock(), null);
        return awaits.found();
    }

    private static boolean leaves(CatchTree handler) {
        Leaves leaves = new Leaves();
        leaves.scan(handler.getBlock(), null);
        return leaves.found;
    }

    /** The type in {@code declared} that catches a cancellation, or null. */
    private @Nullable Element caught(Tree declared) {
        List<? extends Tree> alternatives =
                declared instanceof UnionTypeTree union ? union.getTypeAlternatives() : List.of(declared);
        for (Tree alternative : alternatives) {
            Element type = types.element(alternative);
            if (type != null && CATCHING.contains(type.toString())) {
                return type;
            }
        }
        return null;
    }
}
