// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.analysis;

import dev.heddle.weaver.Refusal;
import dev.heddle.weaver.RuntimeNames;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.AnnotationNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Decides which methods of a class are woven and which are refused. */
public final class ClassAnalyzer {

    /** JVMS 4.3.3. */
    private static final int MOST_PARAMETER_SLOTS = 255;

    private final ClassNode owner;
    private final Set<String> tooLarge;
    private final Rules rules;
    private final List<Refusal> dropped;

    /** Methods of this class that a lambda metafactory refers to, by name and descriptor. */
    private final Set<String> lambdaBodies = new HashSet<>();

    /** The {@link #lambdaBodies} that are coroutines because of the type of the lambda. */
    private final Set<String> asyncLambdaBodies = new HashSet<>();

    private final Map<AbstractInsnNode, Refusal> refusedAwaits = new LinkedHashMap<>();
    private final Map<MethodNode, Refusal> refusedCalls = new LinkedHashMap<>();
    private final List<Refusal> refusals = new ArrayList<>();

    /** The methods to weave, by name and descriptor. */
    private final Map<String, MethodNode> woven = new LinkedHashMap<>();

    private ClassAnalyzer(ClassNode owner, Set<String> tooLarge) {
        this.owner = owner;
        this.tooLarge = tooLarge;
        this.rules = new Rules(owner);
        this.dropped = DroppedCoroutines.in(owner);
        owner.methods.forEach(DeclaringAwaits::simplify);
        owner.methods.forEach(this::findLambdas);
    }

    /**
     * Analyses {@code owner}, whose frames must be expanded.
     *
     * @param tooLarge name and descriptor of the methods that exceeded the limits of a class file after weaving
     */
    public static ClassPlan analyze(ClassNode owner, Set<String> tooLarge) {
        return new ClassAnalyzer(owner, tooLarge).plan();
    }

    /**
     * Refuses everything in {@code owner}, because the class could not be woven.
     *
     * @param reason the failure
     */
    public static ClassPlan refuse(ClassNode owner, String reason) {
        ClassAnalyzer analyzer = new ClassAnalyzer(owner, Set.of());
        for (MethodNode method : owner.methods) {
            Refusal refusal = analyzer.rules.notWoven(method, reason);
            if (isAnnotated(method)) {
                analyzer.refuseAll(method, refusal);
            }
            awaits(method).forEach(await -> analyzer.refusedAwaits.put(await, refusal));
        }
        return new ClassPlan(owner, List.of(), analyzer.refusedAwaits, analyzer.refusedCalls, List.of(), List.of());
    }

    private ClassPlan plan() {
        if (isWovenAlready()) {
            return new ClassPlan(owner, List.of(), refusedAwaits, refusedCalls, refusals, dropped);
        }
        owner.methods.forEach(this::decide);
        List<MethodPlan> plans = new ArrayList<>();
        for (MethodNode method : woven.values()) {
            plans.add(new MethodAnalyzer(owner, method, this::callsWovenBody).analyze());
        }
        return new ClassPlan(owner, plans, refusedAwaits, refusedCalls, refusals, dropped);
    }

    /**
     * Whether the class was woven before: then it has bodies beside its methods, or throws the messages of refusals.
     */
    private boolean isWovenAlready() {
        return owner.methods.stream()
                .anyMatch(method -> method.desc.endsWith(RuntimeNames.BODY_DESCRIPTOR_END) || Code.refuses(method));
    }

    private void decide(MethodNode method) {
        AwaitReferences.in(method).forEach(reference -> refuse(reference, rules.methodReference(method, reference)));
        boolean annotated = isAnnotated(method) && (method.access & Opcodes.ACC_BRIDGE) == 0;
        boolean async = annotated || isAsyncLambda(method);
        Refusal refusal = async ? refusalOfAsync(method) : null;
        if (refusal != null) {
            refusals.add(refusal);
            refuseAll(method, refusal);
        } else if (async) {
            weaveUnlessUnderMonitor(method);
        } else {
            awaits(method).forEach(await -> refuse(await, rules.awaitOutsideAsync(method, await)));
        }
    }

    private @Nullable Refusal refusalOfAsync(MethodNode method) {
        if (hasNoBody(method)) {
            return rules.withoutBody(method);
        }
        if (!returnsCoroutine(method)) {
            return rules.wrongReturnType(method);
        }
        if ((method.access & Opcodes.ACC_SYNCHRONIZED) != 0) {
            return rules.synchronizedMethod(method);
        }
        if (tooLarge.contains(key(method))) {
            return rules.tooLarge(method);
        }
        if (bodyParameterSlots(method) > MOST_PARAMETER_SLOTS) {
            return rules.tooManyParameters(method);
        }
        return (owner.version & 0xFFFF) < Opcodes.V1_7 ? rules.classFileTooOld(method) : null;
    }

    /** The number of slots of the body's parameters: those of the method, including {@code this}, and the frame. */
    private static int bodyParameterSlots(MethodNode method) {
        int withReceiver = Type.getArgumentsAndReturnSizes(method.desc) >> 2;
        return (method.access & Opcodes.ACC_STATIC) != 0 ? withReceiver : withReceiver + 1;
    }

    private void weaveUnlessUnderMonitor(MethodNode method) {
        List<AbstractInsnNode> underMonitor = awaitsUnderMonitor(method);
        if (underMonitor.isEmpty()) {
            woven.put(key(method), method);
            return;
        }
        List<Refusal> reasons = underMonitor.stream()
                .map(await -> rules.awaitUnderMonitor(method, await))
                .toList();
        refusals.addAll(reasons);
        refuseAll(method, reasons.get(0));
    }

    private static List<AbstractInsnNode> awaitsUnderMonitor(MethodNode method) {
        Monitors monitors = Monitors.of(method, new ControlFlow(method));
        return monitors == null
                ? List.of()
                : awaits(method).stream().filter(monitors::heldAt).toList();
    }

    /** Makes {@code method} throw when it is called. */
    private void refuseAll(MethodNode method, Refusal refusal) {
        if (!hasNoBody(method)) {
            refusedCalls.put(method, refusal);
        }
        awaits(method).forEach(await -> refusedAwaits.put(await, refusal));
    }

    private void refuse(AbstractInsnNode await, Refusal refusal) {
        refusedAwaits.put(await, refusal);
        refusals.add(refusal);
    }

    /**
     * Whether a call always reaches a woven method of this class, whatever its receiver. Awaited at once, it needs no
     * coroutine.
     */
    private boolean callsWovenBody(MethodInsnNode call) {
        MethodNode target = call.owner.equals(owner.name) ? woven.get(call.name + call.desc) : null;
        if (target == null) {
            return false;
        }
        boolean isPrivate = (target.access & Opcodes.ACC_PRIVATE) != 0;
        boolean isStatic = (target.access & Opcodes.ACC_STATIC) != 0;
        boolean isFinal = ((target.access | owner.access) & Opcodes.ACC_FINAL) != 0;
        return isPrivate || isStatic || isFinal;
    }

    private void findLambdas(MethodNode method) {
        for (AbstractInsnNode instruction : method.instructions) {
            if (instruction instanceof InvokeDynamicInsnNode dynamic
                    && dynamic.bsm.getOwner().equals("java/lang/invoke/LambdaMetafactory")
                    && dynamic.bsmArgs[1] instanceof Handle body
                    && body.getOwner().equals(owner.name)) {
                lambdaBodies.add(body.getName() + body.getDesc());
                if (isOfAsyncType(dynamic)) {
                    asyncLambdaBodies.add(body.getName() + body.getDesc());
                }
            }
        }
    }

    /**
     * Whether the lambda has an async type. A lambda of several types has one in the descriptor and the others among
     * the arguments.
     */
    private static boolean isOfAsyncType(InvokeDynamicInsnNode lambda) {
        return Code.isAsyncFunctional(Type.getReturnType(lambda.desc))
                || Stream.of(lambda.bsmArgs)
                        .anyMatch(argument -> argument instanceof Type type && Code.isAsyncFunctional(type));
    }

    /**
     * Whether {@code method} is the body of a lambda that is a coroutine. Compilers keep bodies of lambdas that are
     * never created; only the name shows what they are.
     */
    private boolean isAsyncLambda(MethodNode method) {
        if ((method.access & Opcodes.ACC_SYNTHETIC) == 0 || !returnsCoroutine(method)) {
            return false;
        }
        boolean isLambda = lambdaBodies.contains(key(method)) || method.name.startsWith("lambda$");
        return asyncLambdaBodies.contains(key(method))
                || (isLambda && !awaits(method).isEmpty());
    }

    private static boolean isAnnotated(MethodNode method) {
        return isAnnotated(method.invisibleAnnotations) || isAnnotated(method.visibleAnnotations);
    }

    private static boolean isAnnotated(@Nullable List<AnnotationNode> annotations) {
        return annotations != null
                && annotations.stream().anyMatch(annotation -> annotation.desc.equals(RuntimeNames.ASYNC_DESCRIPTOR));
    }

    private static boolean returnsCoroutine(MethodNode method) {
        return method.desc.endsWith(")" + RuntimeNames.COROUTINE_DESCRIPTOR);
    }

    private static boolean hasNoBody(MethodNode method) {
        return (method.access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) != 0;
    }

    private static List<AbstractInsnNode> awaits(MethodNode method) {
        List<AbstractInsnNode> awaits = new ArrayList<>();
        for (AbstractInsnNode instruction : method.instructions) {
            if (Code.isAwait(instruction)) {
                awaits.add(instruction);
            }
        }
        return awaits;
    }

    private static String key(MethodNode method) {
        return method.name + method.desc;
    }
}
