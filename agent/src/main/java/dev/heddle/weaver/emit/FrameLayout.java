package dev.heddle.weaver.emit;

import dev.heddle.weaver.RuntimeNames;
import dev.heddle.weaver.analysis.AwaitPoint;
import dev.heddle.weaver.analysis.MethodPlan;
import dev.heddle.weaver.analysis.TypeState;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.Opcodes;

/**
 * Where each value of one method is kept in its frame: the smallest frame class that holds the arguments and the live
 * values of every await, and a place in it for each of them. Places are used again from await to await.
 */
final class FrameLayout {

    /** A frame class and how many references and primitives its fields hold. */
    private record Shape(String name, int references, int primitives) {}

    /** Each is a subclass of the one before it. */
    private static final List<Shape> SHAPES = List.of(
            new Shape(RuntimeNames.FRAME, 1, 0),
            new Shape("dev/heddle/spi/FrameR1L1", 1, 1),
            new Shape("dev/heddle/spi/FrameR3L1", 3, 1),
            new Shape("dev/heddle/spi/FrameR3L2", 3, 2),
            new Shape("dev/heddle/spi/FrameR5L2", 5, 2),
            new Shape("dev/heddle/spi/FrameR5L3", 5, 3),
            new Shape("dev/heddle/spi/FrameR7L3", 7, 3),
            new Shape(RuntimeNames.LARGE_FRAME, 7, 3));

    /** One value in a frame. */
    record Place(boolean isReference, int index) {}

    /** A local that is kept in the frame. */
    record Saved(int slot, Object type, Place place) {}

    /** What is kept at one await; {@code stack} has null elements for values that need no place. */
    record Kept(List<Saved> locals, Map<Integer, Place> stack) {}

    private final MethodPlan plan;
    private final List<Saved> arguments;
    private final Map<AwaitPoint, Kept> kept = new HashMap<>();
    private final Set<Integer> referencesUsed = new HashSet<>();
    private int references;
    private int primitives;
    private final Shape shape;

    FrameLayout(MethodPlan plan) {
        this.plan = plan;
        Allocation allocation = new Allocation();
        this.arguments = allocation.locals(plan.onEntry(), plan.liveOnEntry(), !plan.isStatic());
        plan.awaits().forEach(await -> kept.put(await, keptAt(await)));
        this.shape = SHAPES.stream()
                .filter(candidate -> candidate.references >= references && candidate.primitives >= primitives)
                .findFirst()
                .orElse(SHAPES.get(SHAPES.size() - 1));
    }

    private Kept keptAt(AwaitPoint await) {
        Allocation allocation = new Allocation();
        List<Saved> locals = allocation.locals(await.state(), await.live(), plan.receiverIsStable());
        Map<Integer, Place> stack = new HashMap<>();
        for (int i = 0; i < await.state().stack().size(); i++) {
            Object type = await.state().stack().get(i);
            if (!type.equals(Opcodes.NULL)) {
                stack.put(i, allocation.next(type));
            }
        }
        return new Kept(locals, stack);
    }

    String frameClass() {
        return shape.name;
    }

    List<Saved> arguments() {
        return arguments;
    }

    Kept keptAtAwait(AwaitPoint await) {
        Kept values = kept.get(await);
        if (values == null) {
            throw new IllegalArgumentException("not an await of this method: " + await.number());
        }
        return values;
    }

    /** The references that hold something at another time and would be kept alive for nothing at {@code await}. */
    List<Place> unusedReferencesAt(AwaitPoint await) {
        Set<Integer> unused = new HashSet<>(referencesUsed);
        Kept values = keptAtAwait(await);
        values.locals().forEach(saved -> remove(unused, saved.place()));
        values.stack().values().forEach(place -> remove(unused, place));
        return unused.stream().sorted().map(index -> new Place(true, index)).toList();
    }

    private static void remove(Set<Integer> references, Place place) {
        if (place.isReference()) {
            references.remove(place.index());
        }
    }

    /** How many references beyond the fields a large frame has room for. */
    int extraReferences() {
        return Math.max(0, references - shape.references);
    }

    /** How many primitives beyond the fields a large frame has room for. */
    int extraPrimitives() {
        return Math.max(0, primitives - shape.primitives);
    }

    boolean isLarge() {
        return shape.name.equals(RuntimeNames.LARGE_FRAME);
    }

    /** Index of {@code place} in the array of a large frame, negative for a place that is a field. */
    int indexBeyondFields(Place place) {
        return place.index() - (place.isReference() ? shape.references : shape.primitives);
    }

    /** The places taken so far at one point of the method. */
    private final class Allocation {

        /** The first reference of an instance method is the receiver, which the entry passes to the body. */
        private int nextReference = plan.isStatic() ? 0 : 1;

        private int nextPrimitive;

        Allocation() {
            references = Math.max(references, nextReference);
        }

        List<Saved> locals(TypeState state, BitSet live, boolean skipReceiver) {
            List<Saved> saved = new ArrayList<>();
            for (int slot = skipReceiver ? 1 : 0; slot < state.locals().size(); slot++) {
                Object type = state.local(slot);
                if (live.get(slot) && !type.equals(Opcodes.TOP) && !type.equals(Opcodes.NULL)) {
                    saved.add(new Saved(slot, type, next(type)));
                }
            }
            return saved;
        }

        Place next(Object type) {
            if (TypeState.isPrimitive(type)) {
                Place place = new Place(false, nextPrimitive++);
                primitives = Math.max(primitives, nextPrimitive);
                return place;
            }
            Place place = new Place(true, nextReference++);
            references = Math.max(references, nextReference);
            referencesUsed.add(place.index());
            return place;
        }
    }
}
