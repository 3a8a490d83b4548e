// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.emit;

import dev.heddle.weaver.RuntimeNames;
import dev.heddle.weaver.analysis.AwaitPoint;
import dev.heddle.weaver.analysis.ClassPlan;
import dev.heddle.weaver.analysis.MethodPlan;
import dev.heddle.weaver.analysis.TypeState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Emits the entries of a class, which resume its bodies. Linking a lambda costs a third of a millisecond. The bodies of a class therefore
 * share one lambda, or a few if there are many bodies:
 *
 * <pre>
 *   Object heddle$resume$0(int method, String lines, Object frame):
 *                                     frame == null ? heddle$facts$0(method, lines) : body number method, called with frame
 *   Object heddle$facts$0(int method, String lines):   Entries.facts(..), which describes that body
 *   Entry heddle$make$0(int method, String lines):     Entries.made(frame -> heddle$resume$0(method, lines, frame))
 *   Entry heddle$entry$2(Frame frame):                 frame != null ? null : the field heddle$entry$2, first set to heddle$make$0(2, "..")
 * </pre>
 *
 * The entry of an older version of the class keeps its own lines. The field {@code heddle$version$2} shows whether the stored entry belongs
 * to the current version.
 *
 * <p>The fields of an interface are final. In an interface, each body therefore has its own lambda. It captures nothing, so the call site
 * keeps it.
 */
final class EntryEmitter {

    /** The size in bytes up to which HotSpot inlines a method (its option FreqInlineSize). */
    private static final int LONGEST = 325;

    /** The size of the method that a lambda calls, without the calls of the bodies. */
    private static final int MOST_BESIDE_CALLS = 34;

    /** The size of the call of a body, including its case in the switch, without the parameters. */
    private static final int MOST_OF_CALL = 16;

    private static final int ACCESS = Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC;

    private static final String ENTRY_OF_FRAME =
            "(" + RuntimeNames.FRAME_DESCRIPTOR + ")" + RuntimeNames.ENTRY_DESCRIPTOR;

    /** The bootstrap method of lambdas. */
    private static final Handle LAMBDA = new Handle(
            Opcodes.H_INVOKESTATIC,
            "java/lang/invoke/LambdaMetafactory",
            "metafactory",
            "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/invoke/MethodType;Ljava/lang/invoke/MethodType;"
                    + "Ljava/lang/invoke/MethodHandle;Ljava/lang/invoke/MethodType;)Ljava/lang/invoke/CallSite;",
            false);

    private final ClassNode owner;
    private final boolean isInterface;
    private final List<MethodNode> methods = new ArrayList<>();
    private final List<FieldNode> fields = new ArrayList<>();
    private final Map<MethodNode, MethodNode> entries = new HashMap<>();

    /** The values that a lambda captures, the method and its lines. They are the first parameters of the method that it calls. */
    private final String captured;

    /** The slot of the frame, after the captured values and the frame parameter. */
    private final int frame;

    /** Creates the entries for the bodies of {@code plan}. Its methods must not have been rewritten yet. */
    EntryEmitter(ClassPlan plan) {
        this.owner = plan.node();
        this.isInterface = (owner.access & Opcodes.ACC_INTERFACE) != 0;
        this.captured = isInterface ? "" : "ILjava/lang/String;";
        this.frame = isInterface ? 1 : 3;
        // The order is independent of the order in the class file, so that an old entry finds its body after the class
        // was redefined.
        List<MethodPlan> sorted = plan.methods().stream()
                .sorted(Comparator.comparing(method -> method.method().name + method.method().desc))
                .toList();
        int start = 0;
        for (int group = 0; start < sorted.size(); group++) {
            int end = end(sorted, start);
            emit(group, start, sorted.subList(start, end));
            start = end;
        }
    }

    /** Returns the method that returns the entry of {@code plan} if its argument, a frame, is null, and otherwise null. */
    MethodNode entry(MethodPlan plan) {
        return Objects.requireNonNull(entries.get(plan.method()));
    }

    /** Returns the methods that the class needs for its entries. */
    List<MethodNode> methods() {
        return methods;
    }

    /** Returns the fields that the class needs for its entries. */
    List<FieldNode> fields() {
        return fields;
    }

    /** Returns the end of the group of bodies that starts at {@code start}. */
    private int end(List<MethodPlan> sorted, int start) {
        int end = start + 1;
        int length = MOST_BESIDE_CALLS + lengthOfCall(sorted.get(start));
        while (!isInterface && end < sorted.size()) {
            length += lengthOfCall(sorted.get(end));
            if (length > LONGEST) {
                break;
            }
            end++;
        }
        return end;
    }

    private int lengthOfCall(MethodPlan plan) {
        return MOST_OF_CALL + parameters(plan).length;
    }

    /** Returns the types of the parameters of a method. */
    private Object[] parameters(MethodPlan plan) {
        return TypeState.onEntry(owner.name, true, plan.method().desc).frameLocals();
    }

    private void emit(int group, int first, List<MethodPlan> plans) {
        MethodNode facts = facts(group, plans);
        MethodNode resume = resume(group, plans, facts);
        MethodNode make = make(group, resume);
        for (int i = 0; i < plans.size(); i++) {
            entries.put(plans.get(i).method(), entry(first + i, i, lines(plans.get(i)), make));
        }
    }

    private MethodNode resume(int group, List<MethodPlan> plans, MethodNode facts) {
        // With a parameter of type Frame, this method would have the descriptor of a body.
        MethodNode resume = method("resume", group, "(" + captured + "Ljava/lang/Object;)Ljava/lang/Object;");
        TypeState onEntry = TypeState.onEntry(owner.name, true, resume.desc);
        LabelNode asked = new LabelNode();
        Snippet code = new Snippet()
                .aload(frame - 1)
                .jump(Opcodes.IFNULL, asked)
                .aload(frame - 1)
                .type(Opcodes.CHECKCAST, RuntimeNames.FRAME)
                .astore(frame); // stack: -
        code.add(switched(plans, onEntry.with(frame, RuntimeNames.FRAME), asked, this::continued));
        resume.instructions = code.label(asked)
                .frame(onEntry)
                .add(loadCaptured())
                .add(call(facts)) // stack: Object
                .op(Opcodes.ARETURN)
                .instructions();
        return resume;
    }

    /** Emits the instructions for one method, which end with a return. */
    private interface Case {
        Snippet of(MethodPlan plan);
    }

    /** Switches on the number of the method, which is in the first local. */
    private Snippet switched(List<MethodPlan> plans, TypeState onEntry, LabelNode otherwise, Case each) {
        if (plans.size() == 1) {
            return each.of(plans.get(0));
        }
        SortedMap<Integer, LabelNode> labels = new TreeMap<>();
        Snippet cases = new Snippet();
        for (int i = 0; i < plans.size(); i++) {
            LabelNode label = new LabelNode();
            labels.put(i, label);
            cases.label(label).frame(onEntry).add(each.of(plans.get(i)));
        }
        return new Snippet().load(Opcodes.INTEGER, 0).select(labels, otherwise).add(cases);
    }

    /**
     * Calls the body with the receiver from the frame, default values for the parameters, which the body restores itself, and the frame.
     */
    private Snippet continued(MethodPlan plan) {
        Snippet code = new Snippet();
        if (!plan.isStatic()) {
            code.aload(frame)
                    .field(Opcodes.GETFIELD, RuntimeNames.FRAME, RuntimeNames.REFERENCE_FIELD + 0, "Ljava/lang/Object;")
                    .type(Opcodes.CHECKCAST, owner.name); // stack: receiver
        }
        for (Object parameter : parameters(plan)) {
            code.pushDefault(parameter);
        }
        int opcode = plan.isStatic() ? Opcodes.INVOKESTATIC : Opcodes.INVOKESPECIAL; // the body is private
        return code.aload(frame) // stack: receiver? defaults frame
                .add(new MethodInsnNode(
                        opcode,
                        owner.name,
                        plan.method().name,
                        FrameAccess.bodyDescriptor(plan.method().desc),
                        isInterface))
                .op(Opcodes.ARETURN);
    }

    private MethodNode facts(int group, List<MethodPlan> plans) {
        MethodNode facts = method("facts", group, "(" + captured + ")Ljava/lang/Object;");
        TypeState onEntry = TypeState.onEntry(owner.name, true, facts.desc);
        LabelNode never = new LabelNode();
        Snippet code = switched(plans, onEntry, never, this::described);
        if (plans.size() > 1) {
            code.label(never).frame(onEntry).op(Opcodes.ACONST_NULL, Opcodes.ARETURN);
        }
        facts.instructions = code.instructions();
        return facts;
    }

    private Snippet described(MethodPlan plan) {
        Snippet code = new Snippet()
                .invokeStatic("java/lang/invoke/MethodHandles", "lookup", "()Ljava/lang/invoke/MethodHandles$Lookup;")
                .constant(plan.method().name)
                .constant(FrameAccess.bodyDescriptor(plan.method().desc))
                .op(plan.isStatic() ? Opcodes.ICONST_1 : Opcodes.ICONST_0);
        if (plan.sourceFile() == null) {
            code.op(Opcodes.ACONST_NULL);
        } else {
            code.constant(plan.sourceFile());
        }
        if (isInterface) {
            code.constant(lines(plan));
        } else {
            code.aload(1);
        }
        // stack: lookup String String int String? String
        return code.invokeStatic(RuntimeNames.ENTRIES, RuntimeNames.FACTS, RuntimeNames.FACTS_DESCRIPTOR)
                .op(Opcodes.ARETURN);
    }

    private static String lines(MethodPlan plan) {
        StringBuilder lines = new StringBuilder().append((char) plan.firstLine());
        for (AwaitPoint await : plan.awaits()) {
            lines.append((char) await.line());
        }
        return lines.toString();
    }

    /** Creates the method that returns an entry. It takes the frame, so that a body that suspends again does not load an entry in vain. */
    private MethodNode entry(int number, int index, String lines, MethodNode make) {
        MethodNode entry = method("entry", number, ENTRY_OF_FRAME);
        LabelNode wanted = new LabelNode();
        Snippet code = new Snippet()
                .aload(0)
                .jump(Opcodes.IFNULL, wanted)
                .op(Opcodes.ACONST_NULL, Opcodes.ARETURN)
                .label(wanted)
                .frame(TypeState.onEntry(owner.name, true, ENTRY_OF_FRAME)); // stack: -
        code.add(isInterface ? call(make) : kept(number, index, lines, make)); // stack: entry
        entry.instructions = code.op(Opcodes.ARETURN).instructions();
        return entry;
    }

    /** Pushes the entry from the field, if it belongs to this version of the class. Otherwise returns a new entry and stores it. */
    private Snippet kept(int number, int index, String lines, MethodNode make) {
        String entry = field("entry", number, RuntimeNames.ENTRY_DESCRIPTOR);
        String version = field("version", number, "I");
        LabelNode unmade = new LabelNode();
        return new Snippet()
                .field(Opcodes.GETSTATIC, owner.name, entry, RuntimeNames.ENTRY_DESCRIPTOR)
                .astore(1)
                .aload(1)
                .jump(Opcodes.IFNULL, unmade)
                .field(Opcodes.GETSTATIC, owner.name, version, "I")
                .constant(lines.hashCode())
                .jump(Opcodes.IF_ICMPNE, unmade)
                .aload(1)
                .op(Opcodes.ARETURN)
                .label(unmade)
                .frame(TypeState.onEntry(owner.name, true, ENTRY_OF_FRAME))
                .push(index)
                .constant(lines)
                .add(call(make))
                .op(Opcodes.DUP) // stack: entry entry
                .field(Opcodes.PUTSTATIC, owner.name, entry, RuntimeNames.ENTRY_DESCRIPTOR)
                .constant(lines.hashCode())
                .field(Opcodes.PUTSTATIC, owner.name, version, "I");
    }

    private String field(String what, int number, String descriptor) {
        String name = RuntimeNames.PREFIX + what + "$" + number;
        fields.add(new FieldNode(ACCESS | Opcodes.ACC_TRANSIENT, name, descriptor, null, null));
        return name;
    }

    /** Creates the method that makes an entry. The JVM links each instruction that creates a lambda separately, so there is only one. */
    private MethodNode make(int group, MethodNode resume) {
        MethodNode make = method("make", group, "(" + captured + ")" + RuntimeNames.ENTRY_DESCRIPTOR);
        Type type = Type.getMethodType(RuntimeNames.RESUME_DESCRIPTOR);
        Handle implementation = new Handle(Opcodes.H_INVOKESTATIC, owner.name, resume.name, resume.desc, isInterface);
        make.instructions = loadCaptured()
                .add(new InvokeDynamicInsnNode(RuntimeNames.RESUME, make.desc, LAMBDA, type, implementation, type))
                .invokeStatic(RuntimeNames.ENTRIES, RuntimeNames.MADE, RuntimeNames.MADE_DESCRIPTOR) // stack: entry
                .op(Opcodes.ARETURN)
                .instructions();
        return make;
    }

    private Snippet loadCaptured() {
        Snippet code = new Snippet();
        return isInterface ? code : code.load(Opcodes.INTEGER, 0).aload(1); // stack: int String
    }

    private Snippet call(MethodNode method) {
        return new Snippet()
                .add(new MethodInsnNode(Opcodes.INVOKESTATIC, owner.name, method.name, method.desc, isInterface));
    }

    private MethodNode method(String what, int number, String descriptor) {
        MethodNode method = new MethodNode(ACCESS, RuntimeNames.PREFIX + what + "$" + number, descriptor, null, null);
        methods.add(method);
        return method;
    }
}
