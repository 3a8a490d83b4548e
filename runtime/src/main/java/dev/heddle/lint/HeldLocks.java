// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.lint;

import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.UnaryTree;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import javax.lang.model.element.ExecutableElement;
import org.jspecify.annotations.Nullable;

/**
 * The locks of {@code java.util.concurrent} that a body holds at the current place, by the source of the expressions that name them. Where paths meet, only
 * the locks count that are held on all of them.
 */
final class HeldLocks {

    private static final String LOCK = "java.util.concurrent.locks.Lock";
    private static final String STAMPED_LOCK = "java.util.concurrent.locks.StampedLock";

    private final Set<String> held = new LinkedHashSet<>();

    /** A lock that is held, or null. */
    @Nullable
    String any() {
        return held.isEmpty() ? null : held.iterator().next();
    }

    Set<String> copy() {
        return held.isEmpty() ? Set.of() : Set.copyOf(held);
    }

    void set(Collection<String> locks) {
        held.clear();
        held.addAll(locks);
    }

    void add(String lock) {
        held.add(lock);
    }

    /** Drops the locks that are not among {@code others}. */
    void retain(Collection<String> others) {
        held.retainAll(others);
    }

    /** Follows a call of {@code method}. A call of {@code tryLock} counts only as a condition: see {@link #tried}. */
    void call(MethodInvocationTree call, ExecutableElement method) {
        if (!(call.getMethodSelect() instanceof MemberSelectTree select)) {
            return;
        }
        switch (method.getSimpleName().toString()) {
            case "lock", "lockInterruptibly" -> {
                if (Types.isSubtype(method.getEnclosingElement(), LOCK)) {
                    held.add(select.getExpression().toString());
                }
            }
            case "writeLock", "readLock", "writeLockInterruptibly", "readLockInterruptibly" -> {
                if (Types.isSubtype(method.getEnclosingElement(), STAMPED_LOCK)) {
                    held.add(select.getExpression().toString());
                }
            }
            case "unlock", "unlockWrite", "unlockRead" ->
                held.remove(select.getExpression().toString());
            default -> {}
        }
    }

    /** The lock that is held if {@code condition}, a call of {@code tryLock}, is true, or null. */
    static @Nullable String tried(ExpressionTree condition, Types types) {
        Tree inner = withoutParentheses(condition);
        if (inner instanceof MethodInvocationTree call
                && call.getMethodSelect() instanceof MemberSelectTree select
                && select.getIdentifier().contentEquals("tryLock")) {
            ExecutableElement method = types.method(call);
            return method != null && Types.isSubtype(method.getEnclosingElement(), LOCK)
                    ? select.getExpression().toString()
                    : null;
        }
        return null;
    }

    /** The lock that is held if {@code condition}, a negated call of {@code tryLock}, is false, or null. */
    static @Nullable String notTried(ExpressionTree condition, Types types) {
        return withoutParentheses(condition) instanceof UnaryTree not && not.getKind() == Tree.Kind.LOGICAL_COMPLEMENT
                ? tried(not.getExpression(), types)
                : null;
    }

    private static Tree withoutParentheses(Tree tree) {
        Tree inner = tree;
        while (inner instanceof ParenthesizedTree parentheses) {
            inner = parentheses.getExpression();
        }
        return inner;
    }
}
