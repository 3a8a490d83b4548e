// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.emit;

import dev.heddle.weaver.RuntimeNames;
import dev.heddle.weaver.analysis.AwaitPoint;
import dev.heddle.weaver.analysis.MethodPlan;
import dev.heddle.weaver.analysis.TypeState;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;

/**
 * The places of the values of one method in its frame: the smallest frame class that holds the arguments and the live
 * values of every await, and a place in it for each of them. Different awaits use the same places.
 */
final class FrameLayout {

    /** A frame class and the numbers of references and primitives that its fields hold. */
    private record Shape(String name, int references, int primitives) {}

    /** The frame classes. Each is a subclass of the one before it. */
    private static final List<Shape> SHAPES = List.of(
            new Shape(RuntimeNames.FRAME, 1, 0),
            new Shape(RuntimeNames.FRAME_R1_L1, 1, 1),
            new Shape(RuntimeNames.FRAME_R3_L1, 3, 1),
            new Shape(RuntimeNames.FRAME_R3_L2, 3, 2),
            new Shape(RuntimeNames.FRAME_R5_L2, 5, 2),
            new Shape(RuntimeNames.FRAME_R5_L3, 5, 3),
            new Shape(RuntimeNames.FRAME_R7_L3, 7, 3),
            new Shape(RuntimeNames.LARGE_FRAME, 7, 3));

    /** The number of bits for the number of an await. The 64 KB of a method have no room for more awaits. */
    private static final int AWAIT_BITS = 12;

    /** The number of layouts that can be distinguished: states are positive. */
    private static final int LAYOUTS = 0x7FFFF;

    /**
     * One value in a frame. It implements equals and hashCode itself, because the methods of a record are linked at their
     * first call, with dozens of generated classes. That would delay the first class that is woven.
     */
    record Place(boolean isReference, int index) {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Place place && place.isReference == isReference && place.index == index;
        }

        @Override
        public int hashCode() {
            return isReference ? index : ~index;
        }
    }

    /** A local that is kept in the frame. */
    record Saved(int slot, Object type, Place place) {}

    /** The values that are kept at one await. {@code stack} has the operands that need a place, by their positions. */
    record Kept(List<Saved> locals, Map<Integer, Place> stack) {}

    /**
     * Marks every slot. Arguments have places by the descriptor alone, so that a redefined body finds them in older
     * frames.
     */
    private static final BitSet ALL = all();

    private final List<Saved> arguments;

    /** The values of each await, by its number minus one. */
    private final List<Kept> kept = new ArrayList<>();

    private final Set<Place> keptPlaces = new HashSet<>();

    /** The allocation of the arguments. In a compact body all awaits share it. */
    private final Allocation shared;

    private final int references;
    private final int primitives;
    private final Shape shape;
    private final int firstState;

    /**
     * Lays out the frame of the method.
     *
     * @param isCompact whether each local, and each operand by its position and its type, has a place of its own that
     *     is the same at every await, so that awaits can share the code that stores and restores it. The frame is a
     *     large one
     */
    FrameLayout(MethodPlan plan, boolean isCompact) {
        // The first reference of an instance method is the receiver, which the entry passes to the body.
        int first = plan.isStatic() ? 0 : 1;
        shared = new Allocation(first);
        arguments = shared.locals(plan.onEntry(), ALL, !plan.isStatic());
        int mostReferences = shared.references;
        int mostPrimitives = shared.primitives;
        for (AwaitPoint await : plan.awaits()) {
            Allocation allocation = isCompact ? shared : new Allocation(first);
            List<Saved> locals = allocation.locals(await.state(), await.live(), plan.receiverIsStable());
            kept.add(new Kept(locals, allocation.stack(await.state().stack())));
            locals.forEach(saved -> keptPlaces.add(saved.place()));
            mostReferences = Math.max(mostReferences, allocation.references);
            mostPrimitives = Math.max(mostPrimitives, allocation.primitives);
        }
        references = mostReferences;
        primitives = mostPrimitives;
        shape = isCompact ? SHAPES.get(SHAPES.size() - 1) : smallest(references, primitives);
        firstState = (text(kept).hashCode() & LAYOUTS) << AWAIT_BITS;
    }

    /** A text that is equal for equal layouts, in whichever JVM the method is woven. */
    private static String text(List<Kept> kept) {
        StringBuilder text = new StringBuilder();
        for (Kept atAwait : kept) {
            for (Saved saved : atAwait.locals()) {
                text.append(' ').append(saved.slot()).append('=').append(saved.type());
                append(text, saved.place());
            }
            for (Map.Entry<Integer, Place> operand : atAwait.stack().entrySet()) {
                text.append(" [").append(operand.getKey()).append(']');
                append(text, operand.getValue());
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static void append(StringBuilder text, Place place) {
        text.append(place.isReference() ? '@' : '#').append(place.index());
    }

    /**
     * The state of a frame that is suspended at {@code await}. Its low bits are the number of the await. The other bits
     * distinguish this layout from the layouts of other versions of the class, which may replace this version while the
     * frame is suspended.
     */
    int state(AwaitPoint await) {
        return firstState + await.number();
    }

    /** The state of an imagined await before the first one. */
    int firstState() {
        return firstState;
    }

    private static BitSet all() {
        BitSet all = new BitSet();
        all.set(0, 255); // no method has more parameter slots (JVMS 4.3.3)
        return all;
    }

    private static Shape smallest(int references, int primitives) {
        return SHAPES.stream()
                .filter(candidate -> candidate.references >= references && candidate.primitives >= primitives)
                .findFirst()
                .orElse(SHAPES.get(SHAPES.size() - 1));
    }

    String frameClass() {
        return shape.name;
    }

    List<Saved> arguments() {
        return arguments;
    }

    Kept keptAtAwait(AwaitPoint await) {
        return kept.get(await.number() - 1);
    }

    /** The place of the local in {@code slot} with the given type in a compact body, or null if no await keeps it. */
    @Nullable
    Place placeOf(int slot, Object type) {
        Place place = shared.places.get(List.of(slot, type));
        return place != null && keptPlaces.contains(place) ? place : null;
    }

    /** The place of an operand with the given type in a compact body, or null if it needs none. */
    @Nullable
    Place placeOfOperand(int position, Object type) {
        return shared.places.get(List.of(~position, type));
    }

    /**
     * The references that are not among {@code values} and hold something at another await: they would be kept alive
     * needlessly.
     */
    List<Place> referencesBesides(List<Saved> values) {
        Set<Place> unused = new LinkedHashSet<>();
        arguments.forEach(saved -> unused.add(saved.place()));
        for (Kept other : kept) {
            other.locals().forEach(saved -> unused.add(saved.place()));
            unused.addAll(other.stack().values());
        }
        values.forEach(saved -> unused.remove(saved.place()));
        return unused.stream().filter(Place::isReference).toList();
    }

    /** The number of references in the fields of the frame. */
    int referenceFields() {
        return shape.references;
    }

    /** The number of primitives in the fields of the frame. */
    int primitiveFields() {
        return shape.primitives;
    }

    /** The number of references that a large frame holds beyond its fields. */
    int extraReferences() {
        return Math.max(0, references - shape.references);
    }

    /** The number of primitives that a large frame holds beyond its fields. */
    int extraPrimitives() {
        return Math.max(0, primitives - shape.primitives);
    }

    boolean isLarge() {
        return shape.name.equals(RuntimeNames.LARGE_FRAME);
    }

    /** The index of {@code place} in the array of a large frame; negative for a place that is a field. */
    int indexBeyondFields(Place place) {
        return place.index() - (place.isReference() ? shape.references : shape.primitives);
    }

    /** The places that are taken at one point of the method. */
    private static final class Allocation {

        /**
         * The places by slot of a local or position of an operand, and by type: a slot may hold several types in turn.
         */
        private final Map<List<Object>, Place> places = new HashMap<>();

        private int references;
        private int primitives;

        Allocation(int references) {
            this.references = references;
        }

        List<Saved> locals(TypeState state, BitSet live, boolean skipReceiver) {
            List<Saved> saved = new ArrayList<>();
            for (int slot = skipReceiver ? 1 : 0; slot < state.locals().size(); slot++) {
                Object type = state.local(slot);
                if (live.get(slot) && !type.equals(Opcodes.TOP) && !type.equals(Opcodes.NULL)) {
                    saved.add(new Saved(slot, type, place(slot, type)));
                }
            }
            return saved;
        }

        Map<Integer, Place> stack(List<Object> stack) {
            Map<Integer, Place> operands = new LinkedHashMap<>();
            for (int i = 0; i < stack.size(); i++) {
                if (!stack.get(i).equals(Opcodes.NULL)) {
                    operands.put(i, place(~i, stack.get(i)));
                }
            }
            return operands;
        }

        private Place place(int position, Object type) {
            return places.computeIfAbsent(List.of(position, type), key -> next(type));
        }

        private Place next(Object type) {
            return TypeState.isPrimitive(type) ? new Place(false, primitives++) : new Place(true, references++);
        }
    }
}
