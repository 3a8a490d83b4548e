// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.lint;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.BreakTree;
import com.sun.source.tree.CaseTree;
import com.sun.source.tree.CatchTree;
import com.sun.source.tree.ContinueTree;
import com.sun.source.tree.DoWhileLoopTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.ThrowTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.WhileLoopTree;
import com.sun.source.tree.YieldTree;
import com.sun.source.util.TreeScanner;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Follows the branches of statements, so that the locks that a body holds are known at each place. */
abstract class BranchScanner extends TreeScanner<@Nullable Void, @Nullable Void> {

    /** The body around the current place, or null outside of classes. */
    protected @Nullable Body body;

    private final Types types;

    BranchScanner(Types types) {
        this.types = types;
    }

    /** Whether locks have to be followed here. */
    private boolean follows() {
        return body != null && body.runsInLoop;
    }

    private HeldLocks locks() {
        if (body == null) {
            throw new IllegalStateException("a statement outside of a body");
        }
        return body.locks;
    }

    @Override
    public @Nullable Void visitIf(IfTree node, @Nullable Void none) {
        if (!follows()) {
            return super.visitIf(node, null);
        }
        scan(node.getCondition(), null);
        HeldLocks locks = locks();
        Set<String> before = locks.copy();
        String tried = HeldLocks.tried(node.getCondition(), types);
        if (tried != null) {
            locks.add(tried);
        }
        scan(node.getThenStatement(), null);
        Set<String> afterThen = locks.copy();
        locks.set(before);
        String notTried = HeldLocks.notTried(node.getCondition(), types);
        if (notTried != null) {
            locks.add(notTried);
        }
        StatementTree otherwise = node.getElseStatement();
        scan(otherwise, null);
        if (otherwise != null && !canComplete(otherwise)) {
            locks.set(afterThen);
        } else if (canComplete(node.getThenStatement())) {
            locks.retain(afterThen);
        }
        return null;
    }

    @Override
    public @Nullable Void visitTry(TryTree node, @Nullable Void none) {
        if (!follows()) {
            return super.visitTry(node, null);
        }
        scan(node.getResources(), null);
        HeldLocks locks = locks();
        Set<String> before = locks.copy();
        scan(node.getBlock(), null);
        Set<String> after = new HashSet<>(locks.copy());
        for (CatchTree handler : node.getCatches()) {
            locks.set(before);
            scan(handler, null);
            if (canComplete(handler.getBlock())) {
                after.retainAll(locks.copy());
            }
        }
        locks.set(after);
        return scan(node.getFinallyBlock(), null);
    }

    @Override
    public @Nullable Void visitCase(CaseTree node, @Nullable Void none) {
        return branch(() -> super.visitCase(node, null));
    }

    @Override
    public @Nullable Void visitWhileLoop(WhileLoopTree node, @Nullable Void none) {
        return loop(() -> super.visitWhileLoop(node, null));
    }

    @Override
    public @Nullable Void visitDoWhileLoop(DoWhileLoopTree node, @Nullable Void none) {
        return loop(() -> super.visitDoWhileLoop(node, null));
    }

    @Override
    public @Nullable Void visitForLoop(ForLoopTree node, @Nullable Void none) {
        return loop(() -> super.visitForLoop(node, null));
    }

    @Override
    public @Nullable Void visitEnhancedForLoop(EnhancedForLoopTree node, @Nullable Void none) {
        return loop(() -> super.visitEnhancedForLoop(node, null));
    }

    /** Scans a loop, which may not run. */
    private @Nullable Void loop(Supplier<@Nullable Void> scan) {
        Body inner = body;
        if (inner == null) {
            return scan.get();
        }
        inner.loops++;
        branch(scan);
        inner.loops--;
        return null;
    }

    /** Scans code that may not run. */
    private @Nullable Void branch(Supplier<@Nullable Void> scan) {
        if (!follows()) {
            return scan.get();
        }
        Set<String> before = locks().copy();
        scan.get();
        locks().retain(before);
        return null;
    }

    /** Whether the code after {@code statement} may run, as far as its last statement shows. */
    private static boolean canComplete(StatementTree statement) {
        if (statement instanceof BlockTree block) {
            List<? extends StatementTree> statements = block.getStatements();
            return statements.isEmpty() || canComplete(statements.get(statements.size() - 1));
        }
        Tree last = statement;
        return !(last instanceof ReturnTree
                || last instanceof ThrowTree
                || last instanceof BreakTree
                || last instanceof ContinueTree
                || last instanceof YieldTree);
    }
}
