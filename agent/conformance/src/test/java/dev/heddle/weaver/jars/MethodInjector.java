package dev.heddle.weaver.jars;

import dev.heddle.weaver.RuntimeNames;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.commons.AnalyzerAdapter;
import org.objectweb.asm.commons.CodeSizeEvaluator;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;

/** Makes one method async: lets it return a coroutine, and puts awaits between its instructions. */
final class MethodInjector {

    /** A static async method of each class, which awaits call directly. */
    static final String HELPER = "heddle$helper";

    private static final int MOST_AWAITS = 16;
    private static final int LARGEST_CHANGE = 20;

    /** Bytes of code for the own work of an await, and for one value that it keeps: to store, load, cast or unbox it. */
    private static final int LARGEST_AWAIT = 200;

    private static final int LARGEST_KEPT = 20;

    private final ClassNode owner;
    private final MethodNode method;
    private final Random random;
    private final int mostKept;
    private int awaits;
    private int onStack;
    private int aroundCreation;
    private int onSomePaths;
    private int delegating;

    /** Changes {@code method}, a copy that nothing else uses. */
    MethodInjector(ClassNode owner, MethodNode method, Random random) {
        this.owner = owner;
        this.method = method;
        this.random = random;
        this.mostKept = method.maxLocals + method.maxStack + 1;
    }

    /**
     * Whether the method stays small enough for a class file with the awaits, and has no subroutines: ASM tracks no types
     * through these, and the class files that have them are refused as too old (JVMS 4.9.1).
     */
    static boolean takesAwaits(MethodNode method) {
        int returns = 0;
        for (AbstractInsnNode instruction : method.instructions) {
            returns += isReturn(instruction) ? 1 : 0;
            if (instruction.getOpcode() == Opcodes.JSR) {
                return false;
            }
        }
        return sizeOf(method) + (returns + MOST_AWAITS) * LARGEST_CHANGE < ManyClasses.LARGEST_METHOD;
    }

    /** Changes the method, and renames it to {@code name}. */
    InjectedMethod inject(String name) {
        Expectation expectation = expectation(insertAwaits());
        for (AbstractInsnNode instruction : method.instructions.toArray()) {
            if (isReturn(instruction)) {
                method.instructions.insertBefore(instruction, coroutine(instruction.getOpcode()));
                method.instructions.set(instruction, new InsnNode(Opcodes.ARETURN));
            }
        }
        method.name = name;
        method.desc = Type.getMethodDescriptor(
                Type.getType(RuntimeNames.COROUTINE_DESCRIPTOR), Type.getArgumentTypes(method.desc));
        method.signature = null;
        method.access &= ~(Opcodes.ACC_BRIDGE | Opcodes.ACC_FINAL); // the new name may be that of an inherited method
        method.visitAnnotation(RuntimeNames.ASYNC_DESCRIPTOR, true).visitEnd();
        int size = sizeOf(method);
        int largest = size + (awaits + delegating + 1) * (LARGEST_AWAIT + mostKept * LARGEST_KEPT);
        return new InjectedMethod(
                name,
                method.desc,
                expectation,
                awaits,
                onStack,
                aroundCreation,
                onSomePaths,
                delegating,
                size,
                largest);
    }

    /** Inserts the awaits, and says whether one of them stands where a monitor may be held. */
    private boolean insertAwaits() {
        HeldMonitors monitors = new HeldMonitors(method);
        boolean outsideMonitors = random.nextInt(4) > 0;
        List<AbstractInsnNode> boundaries = boundaries();
        if (outsideMonitors) {
            boundaries.removeIf(monitors::mayBeHeldAt);
        }
        Collections.shuffle(boundaries, random);
        int most = Math.min(MOST_AWAITS, 1 + boundaries.size() / 4);
        List<AbstractInsnNode> chosen = boundaries.subList(0, Math.min(boundaries.size(), 1 + random.nextInt(most)));
        boolean underMonitor = chosen.stream().anyMatch(monitors::mayBeHeldAt);
        onSomePaths = (int) chosen.stream()
                .filter(next -> monitors.mayBeHeldAt(next) && monitors.mayBeFreeAt(next))
                .count();
        count(Set.copyOf(chosen));
        chosen.forEach(next -> method.instructions.insertBefore(next, await()));
        return underMonitor;
    }

    /** The instructions that code can stand before. A frame names a new object by the label right before its creation. */
    private List<AbstractInsnNode> boundaries() {
        Set<AbstractInsnNode> named = new HashSet<>();
        for (AbstractInsnNode instruction : method.instructions) {
            if (instruction instanceof FrameNode frame) {
                addLabels(named, frame.local);
                addLabels(named, frame.stack);
            }
        }
        List<AbstractInsnNode> boundaries = new ArrayList<>();
        boolean isNamed = false;
        for (AbstractInsnNode instruction : method.instructions) {
            isNamed |= named.contains(instruction);
            if (instruction.getOpcode() >= 0) {
                if (!isNamed || instruction.getOpcode() != Opcodes.NEW) {
                    boundaries.add(instruction);
                }
                isNamed = false;
            }
        }
        return boundaries;
    }

    private static void addLabels(Set<AbstractInsnNode> labels, List<Object> types) {
        if (types != null) {
            types.stream().filter(LabelNode.class::isInstance).forEach(type -> labels.add((LabelNode) type));
        }
    }

    private void count(Set<AbstractInsnNode> chosen) {
        AnalyzerAdapter types =
                new AnalyzerAdapter(Opcodes.ASM9, owner.name, method.access, method.name, method.desc, null) {};
        for (AbstractInsnNode instruction : method.instructions) {
            if (chosen.contains(instruction) && types.stack != null) {
                onStack += types.stack.isEmpty() ? 0 : 1;
                aroundCreation += types.stack.stream().anyMatch(Label.class::isInstance) ? 1 : 0;
            }
            instruction.accept(types);
        }
        awaits = chosen.size();
    }

    private Expectation expectation(boolean underMonitor) {
        if ((method.access & Opcodes.ACC_SYNCHRONIZED) != 0) {
            return Expectation.SYNCHRONIZED;
        }
        int receiver = (method.access & Opcodes.ACC_STATIC) != 0 ? 0 : 1;
        int slots = receiver + 1;
        for (Type argument : Type.getArgumentTypes(method.desc)) {
            slots += argument.getSize();
        }
        if (slots > 255) {
            return Expectation.TOO_MANY_PARAMETERS;
        }
        if ((owner.version & 0xFFFF) < Opcodes.V1_7) {
            return Expectation.OLD_CLASS_FILE;
        }
        return underMonitor ? Expectation.UNDER_MONITOR : Expectation.WOVEN;
    }

    /** An await that leaves the stack as it was: of an awaitable, of a stage, or of a woven method of the class. */
    private InsnList await() {
        InsnList code = new InsnList();
        String descriptor = RuntimeNames.AWAIT_AWAITABLE;
        switch (random.nextInt(4)) {
            case 0 -> {
                descriptor = RuntimeNames.AWAIT_STAGE;
                code.add(new InsnNode(Opcodes.ACONST_NULL));
                code.add(new TypeInsnNode(Opcodes.CHECKCAST, "java/util/concurrent/CompletionStage"));
            }
            case 1 ->
                code.add(new MethodInsnNode(
                        Opcodes.INVOKESTATIC,
                        owner.name,
                        HELPER,
                        RuntimeNames.DONE_DESCRIPTOR,
                        (owner.access & Opcodes.ACC_INTERFACE) != 0));
            default -> {
                code.add(new InsnNode(Opcodes.ACONST_NULL));
                code.add(new TypeInsnNode(Opcodes.CHECKCAST, "dev/heddle/Awaitable"));
            }
        }
        code.add(new MethodInsnNode(Opcodes.INVOKESTATIC, RuntimeNames.ASYNCIO, RuntimeNames.AWAIT, descriptor, false));
        code.add(new InsnNode(Opcodes.POP));
        return code;
    }

    /** Wraps the value that {@code returnOpcode} returns in a coroutine, or drops it and delegates to another coroutine. */
    private InsnList coroutine(int returnOpcode) {
        InsnList code = new InsnList();
        boolean isWide = returnOpcode == Opcodes.LRETURN || returnOpcode == Opcodes.DRETURN;
        boolean delegates = random.nextInt(4) == 0;
        if (returnOpcode == Opcodes.ARETURN && !delegates) {
            code.add(result(RuntimeNames.OF, RuntimeNames.OF_DESCRIPTOR));
            return code;
        }
        if (returnOpcode != Opcodes.RETURN) {
            code.add(new InsnNode(isWide ? Opcodes.POP2 : Opcodes.POP));
        }
        if (delegates) {
            delegating++;
            code.add(new InsnNode(Opcodes.ACONST_NULL));
            code.add(new TypeInsnNode(Opcodes.CHECKCAST, RuntimeNames.COROUTINE));
        } else {
            code.add(result(RuntimeNames.DONE, RuntimeNames.DONE_DESCRIPTOR));
        }
        return code;
    }

    static MethodInsnNode result(String name, String descriptor) {
        return new MethodInsnNode(Opcodes.INVOKESTATIC, RuntimeNames.COROUTINE, name, descriptor, false);
    }

    private static boolean isReturn(AbstractInsnNode instruction) {
        return instruction.getOpcode() >= Opcodes.IRETURN && instruction.getOpcode() <= Opcodes.RETURN;
    }

    private static int sizeOf(MethodNode method) {
        CodeSizeEvaluator size = new CodeSizeEvaluator(Opcodes.ASM9, null) {};
        method.instructions.accept(size);
        return size.getMaxSize();
    }
}
