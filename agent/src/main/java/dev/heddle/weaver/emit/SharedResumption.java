// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.emit;

import dev.heddle.weaver.RuntimeNames;
import dev.heddle.weaver.analysis.AwaitPoint;
import dev.heddle.weaver.analysis.MethodPlan;
import dev.heddle.weaver.analysis.TypeState;
import dev.heddle.weaver.emit.FrameLayout.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/**
 * The last part of the way of a resumed method in a compact body, where all locals are restored. The awaits in one loop
 * share the code that loads their operands and takes the result.
 */
final class SharedResumption {

    private final MethodPlan plan;
    private final FrameLayout layout;
    private final BodySlots slots;
    private final FrameMethods methods;
    private final List<LabelNode> joins;

    /**
     * Creates the last part of the ways of one body.
     *
     * @param joins the labels after each await, by its number minus one
     */
    SharedResumption(
            MethodPlan plan, FrameLayout layout, BodySlots slots, FrameMethods methods, List<LabelNode> joins) {
        this.plan = plan;
        this.layout = layout;
        this.slots = slots;
        this.methods = methods;
        this.joins = joins;
    }

    /** The way to one of {@code awaits}, with nothing on the stack and {@code locals} restored. */
    Way to(LocalTypes locals, List<AwaitPoint> awaits) {
        return to(locals, awaits, List.of());
    }

    /**
     * The shorter one of two arrangements.
     *
     * @param loaded the types of the operands that are on the stack already
     */
    private Way to(LocalTypes locals, List<AwaitPoint> awaits, List<Object> loaded) {
        Way apart = apart(locals, awaits, loaded);
        if (awaits.size() == 1) {
            return apart;
        }
        Way together = together(locals, awaits, loaded);
        return together.isShorterThan(apart) ? together : apart;
    }

    /** Separates the awaits first, and loads the operands of each. */
    private Way apart(LocalTypes locals, List<AwaitPoint> awaits, List<Object> loaded) {
        Way way = new Way();
        Way behind = new Way();
        SortedMap<Integer, LabelNode> targets = new TreeMap<>();
        for (AwaitPoint await : awaits) {
            LabelNode label = new LabelNode();
            targets.put(await.number(), label);
            if (awaits.size() > 1) {
                behind.code().label(label).frame(inBody(locals, loaded));
            }
            List<Object> stack = await.state().stack();
            for (int i = loaded.size(); i < stack.size(); i++) {
                load(behind.code(), i, stack.get(i));
            }
            take(behind, await);
            behind.code().jump(Opcodes.GOTO, joins.get(await.number() - 1));
        }
        if (awaits.size() == 1) {
            endOfResumption(way.code());
        } else {
            way.code().load(Opcodes.INTEGER, slots.state()); // stack: .. number
            endOfResumption(way.code());
            way.code().select(targets, last(targets)); // stack: ..
        }
        return way.add(behind);
    }

    /** Loads operands as long as all {@code awaits} have them, then separates the awaits. */
    private Way together(LocalTypes locals, List<AwaitPoint> awaits, List<Object> loaded) {
        Way way = new Way();
        List<Object> stack = new ArrayList<>(loaded);
        Map<Object, List<AwaitPoint>> ways = ways(awaits, stack.size());
        while (ways.size() == 1 && awaits.get(0).state().stack().size() > stack.size()) {
            Object type = awaits.get(0).state().stack().get(stack.size());
            load(way.code(), stack.size(), type);
            stack.add(type);
            ways = ways(awaits, stack.size());
        }
        SortedMap<Integer, LabelNode> targets = new TreeMap<>();
        if (ways.size() == 1) {
            awaits.forEach(await -> targets.put(await.number(), joins.get(await.number() - 1)));
            way.code().load(Opcodes.INTEGER, slots.state()); // stack: .. number
            endOfResumption(way.code());
            take(way, awaits.get(0)); // stack: .. number result
            way.code().op(Opcodes.SWAP).select(targets, last(targets)); // stack: .. result
            return way;
        }
        Way behind = new Way();
        ways.values().forEach(some -> {
            LabelNode label = new LabelNode();
            some.forEach(await -> targets.put(await.number(), label));
            behind.code().label(label).frame(inBody(locals, stack));
            behind.add(to(locals, some, stack));
        });
        select(way.code(), targets);
        return way.add(behind);
    }

    private void endOfResumption(Snippet code) {
        code.op(Opcodes.ICONST_0).store(Opcodes.INTEGER, slots.state());
    }

    /** Groups the awaits by their operand at {@code position}, or by their handlers if they have none there. */
    private static Map<Object, List<AwaitPoint>> ways(List<AwaitPoint> awaits, int position) {
        Map<Object, List<AwaitPoint>> ways = new LinkedHashMap<>();
        for (AwaitPoint await : awaits) {
            List<Object> stack = await.state().stack();
            Object way = position < stack.size() ? stack.get(position) : await.handlers();
            ways.computeIfAbsent(way, key -> new ArrayList<>()).add(await);
        }
        return ways;
    }

    private void load(Snippet code, int position, Object type) {
        Place place = layout.placeOfOperand(position, type);
        if (place == null) {
            code.op(Opcodes.ACONST_NULL);
        } else {
            code.add(methods.read(slots.frame(), place, type));
        }
    }

    /** Takes the result, or throws the failure inside the handlers of {@code await}. */
    private void take(Way way, AwaitPoint await) {
        LabelNode start = new LabelNode();
        LabelNode end = new LabelNode();
        way.code()
                .aload(slots.frame()) // stack: .. frame
                .label(start)
                .invokeVirtual(RuntimeNames.FRAME, RuntimeNames.TAKE, RuntimeNames.TAKE_DESCRIPTOR) // stack: .. result
                .label(end);
        for (TryCatchBlockNode handler : await.handlers()) {
            way.handlers().add(new TryCatchBlockNode(start, end, handler.handler, handler.type));
        }
    }

    /** Goes to the target of the await that is being resumed. */
    void select(Snippet code, SortedMap<Integer, LabelNode> targets) {
        code.load(Opcodes.INTEGER, slots.state()).select(targets, last(targets));
    }

    private static LabelNode last(SortedMap<Integer, LabelNode> targets) {
        return Objects.requireNonNull(targets.get(targets.lastKey()));
    }

    /** The types at a place of the body with these locals, the weaver's own locals, and this stack. */
    TypeState inBody(LocalTypes locals, List<Object> stack) {
        LocalTypes all = new LocalTypes(locals);
        if (plan.receiverIsStable()) {
            all.store(0, plan.owner());
        }
        return slots.inBody(all.withStack(stack));
    }
}
