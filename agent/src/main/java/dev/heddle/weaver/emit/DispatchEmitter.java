// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.emit;

import dev.heddle.weaver.RuntimeNames;
import dev.heddle.weaver.analysis.AwaitPoint;
import dev.heddle.weaver.analysis.Loop;
import dev.heddle.weaver.analysis.MethodPlan;
import dev.heddle.weaver.analysis.TypeState;
import dev.heddle.weaver.emit.FrameLayout.Saved;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.LabelNode;

/**
 * Emits the code that leads a resumed method from its entry to its await, through the headers of the loops around it.
 */
final class DispatchEmitter {

    private final MethodPlan plan;
    private final FrameLayout layout;
    private final FrameAccess frames;
    private final BodySlots slots;
    private final List<AwaitLabels> awaits;
    private final Map<Loop, LabelNode> headers;
    private final @Nullable SharedDispatch shared;
    private final LabelNode label = new LabelNode();
    private final LabelNode start = new LabelNode();

    /**
     * Creates the emitter of one body.
     *
     * @param awaits the labels of each await, by its number minus one
     * @param shared the rest of the way in a compact body; null for an ordinary one
     */
    DispatchEmitter(
            MethodPlan plan,
            FrameLayout layout,
            FrameAccess frames,
            BodySlots slots,
            List<AwaitLabels> awaits,
            Map<Loop, LabelNode> headers,
            @Nullable SharedDispatch shared) {
        this.plan = plan;
        this.layout = layout;
        this.frames = frames;
        this.slots = slots;
        this.awaits = awaits;
        this.headers = headers;
        this.shared = shared;
    }

    /** The label to which a body with a frame jumps first. */
    LabelNode label() {
        return label;
    }

    /** The first instruction of the method. */
    LabelNode start() {
        return start;
    }

    /** Restores the arguments and starts the method, or goes to the await at which the frame is suspended. */
    Snippet onEntry() {
        TypeState onEntry = plan.onEntry();
        Snippet code = new Snippet().label(label).frame(slots.inBody(onEntry)); // stack: -
        LabelNode notStarted = new LabelNode();
        LabelNode unknown = new LabelNode();
        Snippet routes = new Snippet();
        code.aload(slots.frame()).field(Opcodes.GETFIELD, RuntimeNames.FRAME, RuntimeNames.STATE, "I"); // stack: state
        if (shared != null) {
            code.op(Opcodes.DUP).jump(Opcodes.IFLT, notStarted).add(toAwait(unknown, shared)); // stack: -
        } else {
            if (slots.hasState()) {
                code.op(Opcodes.DUP).store(Opcodes.INTEGER, slots.state()); // stack: state
            }
            SortedMap<Integer, LabelNode> targets = targets(plan.awaits(), null, onEntry, routes);
            code.op(Opcodes.DUP)
                    .jump(Opcodes.IFLT, notStarted) // stack: state
                    .select(targets, unknown); // stack: -
        }
        return code.label(unknown)
                .frame(slots.inBody(onEntry))
                .aload(slots.frame()) // stack: frame
                .invokeStatic(RuntimeNames.SUSPENSION, RuntimeNames.REDEFINED, RuntimeNames.REDEFINED_DESCRIPTOR)
                .op(Opcodes.ATHROW)
                .label(notStarted)
                .frame(slots.inBody(onEntry.push(Opcodes.INTEGER)))
                .op(Opcodes.POP) // stack: -
                .add(restoreArguments())
                .add(routes);
    }

    /** Continues with a state on the stack, in a compact body, whose awaits are chosen by their numbers. */
    private Snippet toAwait(LabelNode unknown, SharedDispatch rest) {
        return new Snippet()
                .constant(layout.firstState())
                .op(Opcodes.ISUB)
                .store(Opcodes.INTEGER, slots.state())
                .load(Opcodes.INTEGER, slots.state())
                .jump(Opcodes.IFLE, unknown)
                .load(Opcodes.INTEGER, slots.state())
                .push(plan.awaits().size())
                .jump(Opcodes.IF_ICMPGT, unknown) // stack: -
                .add(chosen(rest.fromEntry()));
    }

    private Snippet chosen(Way way) {
        plan.method().tryCatchBlocks.addAll(way.handlers());
        return way.code();
    }

    private Snippet restoreArguments() {
        Snippet code = new Snippet();
        if (slots.hasState()) {
            code.op(Opcodes.ICONST_0).store(Opcodes.INTEGER, slots.state());
        }
        if (!layout.arguments().isEmpty()) {
            code.aload(slots.frame())
                    .type(Opcodes.CHECKCAST, layout.frameClass())
                    .astore(slots.typedFrame());
        }
        for (Saved argument : layout.arguments()) {
            code.add(frames.read(slots.typedFrame(), argument.place(), argument.type()))
                    .store(argument.type(), argument.slot());
        }
        return code.jump(Opcodes.GOTO, start);
    }

    /**
     * Continues at the header of {@code loop} while the method is being resumed: goes to a loop inside it, or to an
     * await.
     */
    Snippet intoLoop(Loop loop, LabelNode inside) {
        TypeState header = TypeState.declaredBy(loop.header(), plan.placeholderLabels());
        Snippet code = new Snippet().label(inside).frame(header); // stack: defaults of the header
        TypeState state = header;
        for (int i = header.stack().size() - 1; i >= 0; i--) {
            code.drop(header.stack().get(i));
            state = state.pop(1);
        }
        // stack: -
        if (shared != null) {
            return code.add(chosen(shared.fromHeader(loop, state)));
        }
        List<AwaitPoint> within = plan.awaits().stream()
                .filter(await -> await.loop() != null && await.loop().isIn(loop))
                .toList();
        Snippet routes = new Snippet();
        SortedMap<Integer, LabelNode> targets = targets(within, loop, state, routes);
        LabelNode last = Objects.requireNonNull(targets.get(targets.lastKey()));
        if (targets.values().stream().allMatch(target -> target == last)) {
            code.jump(Opcodes.GOTO, last);
        } else {
            code.load(Opcodes.INTEGER, slots.state()) // stack: state
                    .select(targets, last); // stack: -
        }
        return code.add(routes);
    }

    /**
     * The targets of the states of {@code candidates}.
     *
     * @param within the loop that was reached, null outside all loops
     * @param state the types at this point
     * @param routes receives the code that enters loops
     */
    private SortedMap<Integer, LabelNode> targets(
            List<AwaitPoint> candidates, @Nullable Loop within, TypeState state, Snippet routes) {
        SortedMap<Integer, LabelNode> targets = new TreeMap<>();
        Map<Loop, LabelNode> entered = new HashMap<>();
        for (AwaitPoint await : candidates) {
            Loop next = await.loopTowards(within);
            LabelNode target = next == null
                    ? awaits.get(await.number() - 1).resume()
                    : entered.computeIfAbsent(next, loop -> enter(loop, state, routes));
            targets.put(layout.state(await), target);
        }
        return targets;
    }

    /** Pushes or stores a default value for each local and operand of the header, and goes there. */
    private LabelNode enter(Loop loop, TypeState state, Snippet routes) {
        LabelNode entry = new LabelNode();
        TypeState header = TypeState.declaredBy(loop.header(), plan.placeholderLabels());
        routes.label(entry).frame(slots.inBody(state)); // stack: -
        routes.storeDefaults(
                header, slot -> slot < slots.frame() && !header.local(slot).equals(state.local(slot)));
        header.stack().forEach(routes::pushDefault); // stack: defaults of the header
        routes.jump(Opcodes.GOTO, Objects.requireNonNull(headers.get(loop)));
        return entry;
    }
}
