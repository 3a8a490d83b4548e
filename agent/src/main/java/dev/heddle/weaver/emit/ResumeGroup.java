package dev.heddle.weaver.emit;

import dev.heddle.weaver.analysis.AwaitPoint;
import dev.heddle.weaver.analysis.MethodPlan;
import dev.heddle.weaver.analysis.TypeState;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.LabelNode;

/**
 * Awaits that are resumed by the same code: it restores the locals of all of them, then goes to the one that was suspended.
 * In a compact body these are the awaits of one loop, under the same handlers, with the same types of operands and locals that
 * agree in type; else each await is alone.
 */
final class ResumeGroup {

    /** Stands in the second slot of a wide local, which no other local of the group may have. */
    private static final Object SECOND_HALF = "second half";

    private final LabelNode label = new LabelNode();
    private final List<AwaitPoint> awaits = new ArrayList<>();

    /** One element a slot. */
    private final List<Object> types = new ArrayList<>();

    private ResumeGroup(AwaitPoint first) {
        add(first);
    }

    /** Every await of the method is in one group, in order. */
    static List<ResumeGroup> of(MethodPlan plan, boolean isCompact) {
        List<ResumeGroup> groups = new ArrayList<>();
        for (AwaitPoint await : plan.awaits()) {
            groups.stream()
                    .filter(group -> isCompact && group.accepts(await))
                    .findFirst()
                    .ifPresentOrElse(group -> group.add(await), () -> groups.add(new ResumeGroup(await)));
        }
        return groups;
    }

    /** Where the code starts. */
    LabelNode label() {
        return label;
    }

    List<AwaitPoint> awaits() {
        return awaits;
    }

    /** The locals of all its awaits, and the operands, which each of them has. */
    TypeState state() {
        List<Object> locals = types.stream()
                .map(type -> type == SECOND_HALF ? Opcodes.TOP : type)
                .toList();
        return new TypeState(locals, awaits.get(0).state().stack());
    }

    private boolean accepts(AwaitPoint await) {
        AwaitPoint first = awaits.get(0);
        boolean isBeside = Objects.equals(await.loop(), first.loop())
                && await.handlers().equals(first.handlers())
                && await.state().stack().equals(first.state().stack());
        if (!isBeside) {
            return false;
        }
        List<Object> others = bySlot(await);
        for (int slot = 0; slot < Math.min(types.size(), others.size()); slot++) {
            Object type = types.get(slot);
            Object other = others.get(slot);
            if (!type.equals(Opcodes.TOP) && !other.equals(Opcodes.TOP) && !type.equals(other)) {
                return false;
            }
        }
        return true;
    }

    private void add(AwaitPoint await) {
        awaits.add(await);
        List<Object> added = bySlot(await);
        for (int slot = 0; slot < added.size(); slot++) {
            if (slot == types.size()) {
                types.add(added.get(slot));
            } else if (types.get(slot).equals(Opcodes.TOP)) {
                types.set(slot, added.get(slot));
            }
        }
    }

    private static List<Object> bySlot(AwaitPoint await) {
        List<Object> types = new ArrayList<>(await.state().locals());
        for (int slot = 0; slot < types.size() - 1; slot++) {
            if (TypeState.isWide(types.get(slot))) {
                types.set(slot + 1, SECOND_HALF);
            }
        }
        return types;
    }
}
