// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.lint;

import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Name;
import org.jspecify.annotations.Nullable;

/** Calls that look right but resolve to another method, or to none: awaits of what cannot be awaited, and the methods of {@code Object}. */
final class NearMisses {

    /** What to call in place of the methods of {@code Object}. */
    private static final Map<String, Map<String, String>> MEANT = Map.of(
            "dev.heddle.sync.Condition",
            Map.of("wait", "waitNotified", "notify", "notifyWaiters", "notifyAll", "notifyAllWaiters"),
            "dev.heddle.sync.Event",
            Map.of("wait", "waitSet", "notify", "set", "notifyAll", "set"));

    private static final Set<String> OF_OBJECT = Set.of("wait", "notify", "notifyAll");

    private static final Set<String> OF_QUEUE = Set.of("fifo", "lifo", "priority");

    private final Types types;
    private final Findings findings;

    NearMisses(Types types, Findings findings) {
        this.types = types;
        this.findings = findings;
    }

    /** Whether {@code name} is one of a method that is checked here. */
    static boolean mayBe(@Nullable Name name) {
        return name != null && OF_OBJECT.contains(name.toString());
    }

    /** Explains why javac finds no method for {@code call}, if the reason may surprise. */
    void unresolved(MethodInvocationTree call) {
        Name name = CoroutineLambdas.name(call);
        if (types.isNameOfAwait(name) && call.getArguments().size() == 1) {
            String message =
                    Messages.cannotAwait(types.typeElement(call.getArguments().get(0)));
            if (message != null) {
                findings.error(call, message);
            }
        } else if (call.getMethodSelect() instanceof IdentifierTree identifier
                && identifier.getName().contentEquals("wait")
                && !call.getArguments().isEmpty()) {
            findings.error(call, Messages.WAIT_OF_OBJECT);
        } else if (name != null
                && OF_QUEUE.contains(name.toString())
                && call.getMethodSelect() instanceof MemberSelectTree select
                && Types.isNamed(types.element(select.getExpression()), "java.util.Queue")) {
            findings.error(call, Messages.QUEUE_OF_JDK);
        }
    }

    /** Reports a {@code call} of {@code method}, one of {@code Object}, on a condition or an event. Returns whether it is one. */
    boolean isOfObject(MethodInvocationTree call, ExecutableElement method) {
        if (!mayBe(method.getSimpleName())
                || !Types.isNamed(method.getEnclosingElement(), "java.lang.Object")
                || !(call.getMethodSelect() instanceof MemberSelectTree select)) {
            return false;
        }
        Element receiver = types.typeElement(select.getExpression());
        Map<String, String> meant = receiver == null ? null : MEANT.get(receiver.toString());
        if (receiver == null || meant == null) {
            return false;
        }
        Name name = method.getSimpleName();
        findings.warning(
                call,
                Messages.ofObject(receiver.getSimpleName() + "." + name, String.valueOf(meant.get(name.toString()))));
        return true;
    }
}
