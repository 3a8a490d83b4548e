// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.emit;

import dev.heddle.weaver.RuntimeNames;
import dev.heddle.weaver.analysis.AwaitPoint;
import dev.heddle.weaver.analysis.MethodPlan;
import dev.heddle.weaver.analysis.TypeState;
import dev.heddle.weaver.emit.FrameLayout.Place;
import dev.heddle.weaver.emit.FrameLayout.Saved;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.LabelNode;

/**
 * Emits the suspension of a compact body. Each value is stored at one place of the code, whichever await suspends. Awaits
 * jump into a tree. Its leaves store locals that few awaits keep, nodes nearer to the root store locals that more awaits
 * keep, and the body returns at the root. Operands are stored first. The awaits with the most operands store the topmost
 * ones, then join the awaits with fewer.
 */
final class SharedSuspensions {

    private static final String OBJECT = "java/lang/Object";

    private final MethodPlan plan;
    private final FrameLayout layout;
    private final BodySlots slots;
    private final FrameMethods methods;
    private final Node root = new Node(null, null);

    /** The entry of each await, by its number minus one. */
    private final List<Entry> entries = new ArrayList<>();

    /** A node of the tree with one local. The locals of the nodes below it are stored first. */
    private static final class Node {

        private final @Nullable Node outer;
        private final @Nullable Saved local;
        private final LabelNode label = new LabelNode();
        private final Map<Place, Node> inner = new LinkedHashMap<>();

        /** The entries of awaits into the tree, by their operands. */
        private final Map<List<Object>, Entry> entries = new LinkedHashMap<>();

        private int line;
        private boolean isEmitted;

        Node(@Nullable Node outer, @Nullable Saved local) {
            this.outer = outer;
            this.local = local;
        }

        boolean isJoined() {
            return outer == null || !entries.isEmpty() || inner.size() > 1;
        }

        LocalTypes types() {
            LocalTypes types = outer == null ? new LocalTypes() : outer.types();
            if (local != null) {
                types.store(local.slot(), local.type());
            }
            return types;
        }
    }

    /**
     * The entry of awaits with the same operands and locals.
     *
     * @param suspended the label with {@code SUSPENDED} above the operands
     * @param operands the label with the operands alone
     */
    private record Entry(Node node, LabelNode suspended, LabelNode operands) {}

    SharedSuspensions(MethodPlan plan, FrameLayout layout, BodySlots slots, FrameMethods methods) {
        this.plan = plan;
        this.layout = layout;
        this.slots = slots;
        this.methods = methods;
        List<List<Saved>> locals = plan.awaits().stream().map(this::keptLocals).toList();
        Map<Place, Integer> frequency = new HashMap<>();
        locals.forEach(each -> each.forEach(saved -> frequency.merge(saved.place(), 1, Integer::sum)));
        Comparator<Saved> order = Comparator.<Saved>comparingInt(saved -> -frequency.getOrDefault(saved.place(), 0))
                .thenComparingInt(Saved::slot)
                .thenComparingInt(saved -> saved.place().index());
        for (AwaitPoint await : plan.awaits()) {
            Node node = root;
            for (Saved saved :
                    locals.get(await.number() - 1).stream().sorted(order).toList()) {
                Node outer = node;
                node = node.inner.computeIfAbsent(saved.place(), key -> new Node(outer, saved));
                node.line = node.line == 0 ? await.line() : node.line;
            }
            Node leaf = node;
            root.line = root.line == 0 ? await.line() : root.line;
            entries.add(leaf.entries.computeIfAbsent(
                    await.state().stack(), key -> new Entry(leaf, new LabelNode(), new LabelNode())));
        }
    }

    /**
     * The locals at {@code await} that this or another await keeps. Locals that are dead here are dropped after all are
     * stored.
     */
    private List<Saved> keptLocals(AwaitPoint await) {
        List<Saved> locals = new ArrayList<>();
        LocalTypes.of(await.state(), plan.receiverIsStable() ? 1 : 0, slots.frame())
                .forEach((slot, type) -> {
                    Place place = layout.placeOf(slot, type);
                    if (place != null) {
                        locals.add(new Saved(slot, type, place));
                    }
                });
        return locals;
    }

    /**
     * The label to which {@code await} jumps with {@code SUSPENDED} on top of the stack, if the runtime has its number.
     */
    LabelNode entry(AwaitPoint await) {
        return entries.get(await.number() - 1).suspended();
    }

    /** Passes the number of {@code await}, whose callee was called directly, to the runtime, and goes to its entry. */
    Snippet suspendDirect(AwaitPoint await, LabelNode start) {
        return new Snippet()
                .label(start)
                .frame(slots.inBody(await.state().push(OBJECT))) // stack: .. SUSPENDED
                .push(await.number())
                .invokeStatic(RuntimeNames.SUSPENSION, RuntimeNames.SUSPENDS, RuntimeNames.SUSPENDS_DESCRIPTOR)
                .jump(Opcodes.GOTO, entry(await));
    }

    /** Adds the whole tree. Code that several awaits share has the line of the first of them. */
    void emit(OutOfLineCode outOfLine) {
        emit(root, outOfLine);
    }

    private void emit(Node node, OutOfLineCode outOfLine) {
        node.inner.values().forEach(inner -> emit(inner, outOfLine));
        // Entries with more operands come first, because they lead to entries with fewer.
        node.entries.keySet().stream()
                .sorted(Comparator.comparingInt(stack -> -stack.size()))
                .forEach(stack -> outOfLine.add(node.line, entry(node, stack)));
        if (node.isJoined() && !node.isEmitted) {
            outOfLine.add(node.line, path(node));
        }
    }

    private Snippet entry(Node node, List<Object> stack) {
        Snippet code = new Snippet();
        Entry entry = Objects.requireNonNull(node.entries.get(stack));
        LocalTypes types = node.types();
        List<Object> suspended = new ArrayList<>(stack);
        suspended.add(OBJECT);
        code.label(entry.suspended())
                .frame(inBody(types, suspended)) // stack: operands SUSPENDED
                .op(Opcodes.POP);
        int rest = stack.size() - 1;
        while (rest > 0 && !node.entries.containsKey(stack.subList(0, rest))) {
            rest--;
        }
        if (rest < 0) {
            return code.jump(Opcodes.GOTO, node.label);
        }
        code.label(entry.operands()).frame(inBody(types, stack));
        List<FrameMethods.Stored> values = new ArrayList<>();
        for (int i = rest; i < stack.size(); i++) {
            values.add(new FrameMethods.Stored(stack.get(i), layout.placeOfOperand(i, stack.get(i))));
        }
        code.add(methods.write(slots.frame(), values)); // stack: the other operands
        Entry next = node.entries.get(stack.subList(0, rest));
        return code.jump(Opcodes.GOTO, rest == 0 || next == null ? node.label : next.operands());
    }

    /** Stores the locals from {@code node} outwards, up to a node whose code was emitted elsewhere. */
    private Snippet path(Node node) {
        Snippet code = new Snippet();
        Node next = node;
        while (!next.isEmitted) {
            next.isEmitted = true;
            code.label(next.label).frame(inBody(next.types(), List.of())); // stack: -
            if (next.outer == null) {
                return code.add(methods.suspend(slots));
            }
            List<FrameMethods.Stored> values = new ArrayList<>();
            do {
                Saved local = Objects.requireNonNull(next.local);
                code.load(local.type(), local.slot());
                values.add(new FrameMethods.Stored(local.type(), local.place()));
                next = Objects.requireNonNull(next.outer);
            } while (!next.isJoined());
            code.add(methods.write(slots.frame(), values)); // stack: -
        }
        return code.jump(Opcodes.GOTO, next.label);
    }

    private TypeState inBody(LocalTypes types, List<Object> stack) {
        LocalTypes all = new LocalTypes(types);
        if (plan.receiverIsStable()) {
            all.store(0, plan.owner());
        }
        return slots.inBody(all.withStack(stack));
    }
}
