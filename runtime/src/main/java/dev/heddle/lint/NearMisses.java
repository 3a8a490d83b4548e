// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.lint;

import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import java.util.Map;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Name;
import org.jspecify.annotations.Nullable;

/** Calls of a method that has the name of the one that was meant: awaits of what cannot be awaited, and the methods of {@code Object}. */
final class NearMisses {

    private static final String CONDITION = "dev.heddle.sync.Condition";
    private static final Map<String, String> OF_CONDITION =
            Map.of("wait", "waitNotified", "notify", "notifyWaiters", "notifyAll", "notifyAllWaiters");

    private final Types types;
    private final Findings findings;

    NearMisses(Types types, Findings findings) {
        this.types = types;
        this.findings = findings;
    }

    /** Whether {@code name} is one of a method that is checked here. */
    static boolean mayBe(@Nullable Name name) {
        return name != null && OF_CONDITION.containsKey(name.toString());
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
        }
    }

    /** Reports a {@code call} on a condition of {@code method}, one of {@code Object}. Returns whether it is one. */
    boolean isOfObject(MethodInvocationTree call, ExecutableElement method) {
        String meant = OF_CONDITION.get(method.getSimpleName().toString());
        if (meant == null
                || !Types.isNamed(method.getEnclosingElement(), "java.lang.Object")
                || !(call.getMethodSelect() instanceof MemberSelectTree select)) {
            return false;
        }
        Element receiver = types.typeElement(select.getExpression());
        if (!Types.isNamed(receiver, CONDITION)) {
            return false;
        }
        findings.warning(call, Messages.ofObject(method.getSimpleName(), meant));
        return true;
    }
}
