// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.analysis;

import dev.heddle.weaver.Refusal;
import dev.heddle.weaver.RuntimeNames;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Finds the calls in a class, as compiled, whose result is an awaitable that is dropped, so that nothing of it runs. */
public final class DroppedCoroutines {

    /** How the names begin of the classes that record or check a call, whose result then means nothing. */
    private static final List<String> MOCKING = List.of("org/mockito/", "org/easymock/");

    /** How the names begin of the interfaces whose lambdas may be expected to fail before they return. */
    private static final List<String> EXPECTING_FAILURE = List.of("org/junit/", "org/assertj/");

    private final Rules rules;
    private final ClassNode owner;
    private final List<Refusal> found = new ArrayList<>();

    private DroppedCoroutines(ClassNode owner) {
        this.owner = owner;
        this.rules = new Rules(owner);
    }

    /** The dropped results in {@code owner}, in the order of the class file. */
    public static List<Refusal> in(ClassNode owner) {
        DroppedCoroutines dropped = new DroppedCoroutines(owner);
        Set<String> failing = dropped.expectedToFail();
        for (MethodNode method : owner.methods) {
            if (!failing.contains(method.name + method.desc) && !usesMocks(method)) {
                dropped.find(method);
            }
        }
        return dropped.found;
    }

    private void find(MethodNode method) {
        for (AbstractInsnNode instruction : method.instructions) {
            if (instruction instanceof MethodInsnNode call
                    && isCold(call.owner, call.name, call.desc)
                    && isDropped(call)) {
                found.add(rules.dropped(method, call, call.name));
            } else if (instruction instanceof InvokeDynamicInsnNode lambda && !isExpectedToFail(lambda)) {
                Handle target = dropping(lambda);
                if (target != null) {
                    found.add(rules.dropped(method, lambda, target.getName()));
                }
            }
        }
    }

    /** Whether a method makes an awaitable that does not run by itself. */
    private static boolean isCold(String owner, String name, String descriptor) {
        String type = descriptor.substring(descriptor.indexOf(')') + 1);
        return (type.equals(RuntimeNames.COROUTINE_DESCRIPTOR) || type.equals("L" + RuntimeNames.AWAITABLE + ";"))
                && !RuntimeNames.FUTURES.contains(owner)
                && !(owner.equals(RuntimeNames.BARRIER) && RuntimeNames.IMMEDIATE.contains(name));
    }

    /** Whether the result of {@code call} is popped. Eclipse's compiler leaves it on the stack where a lambda returns. */
    private static boolean isDropped(MethodInsnNode call) {
        AbstractInsnNode next = Code.instructionAfter(call);
        return next != null && (next.getOpcode() == Opcodes.POP || next.getOpcode() == Opcodes.RETURN);
    }

    /** The method that {@code lambda}, a method reference, calls and whose awaitable it drops, or null. */
    private static @Nullable Handle dropping(InvokeDynamicInsnNode lambda) {
        return isLambda(lambda)
                        && lambda.bsmArgs[1] instanceof Handle target
                        && lambda.bsmArgs[2] instanceof Type type
                        && type.getReturnType().equals(Type.VOID_TYPE)
                        && isCold(target.getOwner(), target.getName(), target.getDesc())
                ? target
                : null;
    }

    private static boolean isLambda(InvokeDynamicInsnNode dynamic) {
        return dynamic.bsm.getOwner().equals("java/lang/invoke/LambdaMetafactory") && dynamic.bsmArgs.length > 2;
    }

    /** The bodies of lambdas, by name and descriptor, that may be expected to fail. */
    private Set<String> expectedToFail() {
        Set<String> bodies = new HashSet<>();
        for (MethodNode method : owner.methods) {
            for (AbstractInsnNode instruction : method.instructions) {
                if (instruction instanceof InvokeDynamicInsnNode lambda
                        && isExpectedToFail(lambda)
                        && lambda.bsmArgs[1] instanceof Handle body) {
                    bodies.add(body.getName() + body.getDesc());
                }
            }
        }
        return bodies;
    }

    private static boolean isExpectedToFail(InvokeDynamicInsnNode lambda) {
        String type = Type.getReturnType(lambda.desc).getInternalName();
        return isLambda(lambda) && EXPECTING_FAILURE.stream().anyMatch(type::startsWith);
    }

    private static boolean usesMocks(MethodNode method) {
        for (AbstractInsnNode instruction : method.instructions) {
            if (instruction instanceof MethodInsnNode call && MOCKING.stream().anyMatch(call.owner::startsWith)) {
                return true;
            }
        }
        return false;
    }
}
