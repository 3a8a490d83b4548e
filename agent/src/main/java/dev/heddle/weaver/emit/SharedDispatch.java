// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.emit;

import dev.heddle.weaver.analysis.AwaitPoint;
import dev.heddle.weaver.analysis.Loop;
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
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.LabelNode;

/**
 * Leads a resumed method in a compact body from its entry, or from the header of a loop, to its await, and restores the
 * locals on the way. A local is restored at the outermost point at which it has the same type for all targets that need
 * it, so that few places of the code restore it. The targets are divided into halves until the rest needs the same locals.
 */
final class SharedDispatch {

    private final MethodPlan plan;
    private final FrameLayout layout;
    private final BodySlots slots;
    private final FrameMethods methods;
    private final SharedResumption resumption;
    private final Map<Loop, LabelNode> headers;

    /**
     * A target of the way: an await, or a loop that is entered at its header, for some consecutive awaits in it.
     *
     * @param needed the locals that must be set there
     */
    private record Target(List<AwaitPoint> awaits, @Nullable Loop loop, LocalTypes needed) {

        int number() {
            return awaits.get(0).number();
        }

        boolean keeps(Place place, FrameLayout layout) {
            return awaits.stream()
                    .anyMatch(await -> layout.keptAtAwait(await).locals().stream()
                            .anyMatch(saved -> saved.place().equals(place)));
        }
    }

    SharedDispatch(
            MethodPlan plan,
            FrameLayout layout,
            BodySlots slots,
            FrameMethods methods,
            SharedResumption resumption,
            Map<Loop, LabelNode> headers) {
        this.plan = plan;
        this.layout = layout;
        this.slots = slots;
        this.methods = methods;
        this.resumption = resumption;
        this.headers = headers;
    }

    /** The way from the entry of the method, with nothing on the stack. */
    Way fromEntry() {
        return to(new LocalTypes(), targets(plan.awaits(), null));
    }

    /** The way from the header of {@code loop}, with nothing on the stack. */
    Way fromHeader(Loop loop, TypeState header) {
        List<AwaitPoint> inside = plan.awaits().stream()
                .filter(await -> await.loop() != null && await.loop().isIn(loop))
                .toList();
        return to(locals(header), targets(inside, loop));
    }

    /**
     * The locals of the method in {@code state}, without a receiver in a slot of its own, which need not be restored.
     */
    private LocalTypes locals(TypeState state) {
        return LocalTypes.of(state, plan.receiverIsStable() ? 1 : 0, slots.frame());
    }

    private List<Target> targets(List<AwaitPoint> awaits, @Nullable Loop within) {
        List<Target> targets = new ArrayList<>();
        Loop last = null;
        for (AwaitPoint await : awaits) {
            Loop next = await.loopTowards(within);
            if (next == null || !next.equals(last)) {
                TypeState there =
                        next == null ? await.state() : TypeState.declaredBy(next.header(), plan.placeholderLabels());
                targets.add(new Target(new ArrayList<>(), next, locals(there)));
            }
            targets.get(targets.size() - 1).awaits().add(await);
            last = next;
        }
        return targets;
    }

    private Way to(LocalTypes before, List<Target> targets) {
        Way way = new Way();
        LocalTypes locals = new LocalTypes(before);
        if (sections(locals, targets).size() > 1) {
            restoreShared(way.code(), locals, targets);
        }
        List<List<Target>> sections = sections(locals, targets);
        if (sections.size() == 1) {
            return way.add(toSection(locals, targets));
        }
        Way halved = halved(locals, sections);
        Way selected = selected(locals, sections);
        return way.add(selected.isShorterThan(halved) ? selected : halved);
    }

    private Way halved(LocalTypes locals, List<List<Target>> sections) {
        int middle = sections.size() / 2;
        List<Target> second = sections.subList(middle, sections.size()).stream()
                .flatMap(List::stream)
                .toList();
        LabelNode atSecond = new LabelNode();
        Way way = new Way();
        way.code()
                .load(Opcodes.INTEGER, slots.state())
                .push(second.get(0).number())
                .jump(Opcodes.IF_ICMPGE, atSecond);
        way.add(to(
                locals,
                sections.subList(0, middle).stream().flatMap(List::stream).toList()));
        way.code().label(atSecond).frame(resumption.inBody(locals, List.of()));
        return way.add(to(locals, second));
    }

    private Way selected(LocalTypes locals, List<List<Target>> sections) {
        SortedMap<Integer, LabelNode> ways = new TreeMap<>();
        Way behind = new Way();
        for (List<Target> section : sections) {
            LabelNode label = new LabelNode();
            section.forEach(target -> target.awaits().forEach(await -> ways.put(await.number(), label)));
            behind.code().label(label).frame(resumption.inBody(locals, List.of()));
            behind.add(toSection(locals, section));
        }
        Way way = new Way();
        resumption.select(way.code(), ways);
        return way.add(behind);
    }

    /** The way to targets that need the same locals. */
    private Way toSection(LocalTypes before, List<Target> targets) {
        Way way = new Way();
        LocalTypes locals = new LocalTypes(before);
        targets.get(0)
                .needed()
                .without(locals)
                .forEach((slot, type) -> restore(way.code(), locals, slot, type, targets));
        return way.add(arrive(locals, targets));
    }

    /** Groups adjacent targets that need the same locals. */
    private static List<List<Target>> sections(LocalTypes locals, List<Target> targets) {
        List<List<Target>> sections = new ArrayList<>();
        LocalTypes last = null;
        for (Target target : targets) {
            LocalTypes missing = target.needed().without(locals);
            if (last == null || !missing.isSameAs(last)) {
                sections.add(new ArrayList<>());
            }
            sections.get(sections.size() - 1).add(target);
            last = missing;
        }
        return sections;
    }

    /**
     * Restores the locals that targets on both sides of the middle need, unless they overlap locals that another target
     * needs.
     */
    private void restoreShared(Snippet code, LocalTypes locals, List<Target> targets) {
        Map<Map.Entry<Integer, Object>, List<Integer>> lacking = new LinkedHashMap<>();
        for (int i = 0; i < targets.size(); i++) {
            int index = i;
            targets.get(i)
                    .needed()
                    .without(locals)
                    .forEach((slot, type) -> lacking.computeIfAbsent(Map.entry(slot, type), key -> new ArrayList<>())
                            .add(index));
        }
        lacking.entrySet().stream()
                .filter(entry -> isWorthwhile(entry.getValue(), targets.size()))
                .sorted((one, other) -> other.getValue().size() - one.getValue().size())
                .forEach(entry -> {
                    int slot = entry.getKey().getKey();
                    Object type = entry.getKey().getValue();
                    Map<Integer, Object> covered = locals.overlapping(slot, type);
                    boolean isFree = targets.stream()
                            .noneMatch(target -> covered.entrySet().stream()
                                    .anyMatch(local -> target.needed().has(local.getKey(), local.getValue())));
                    if (isFree) {
                        restore(code, locals, slot, type, targets);
                    }
                });
    }

    private static boolean isWorthwhile(List<Integer> indices, int targets) {
        int middle = targets / 2;
        return indices.size() * 4 >= targets && indices.get(0) < middle && indices.get(indices.size() - 1) >= middle;
    }

    private void restore(Snippet code, LocalTypes locals, int slot, Object type, List<Target> targets) {
        Place place = layout.placeOf(slot, type);
        if (place != null && targets.stream().anyMatch(target -> target.keeps(place, layout))) {
            code.add(methods.read(slots.frame(), place, type));
        } else {
            code.pushDefault(type); // it is not read again, but the frames of the method require its type
        }
        code.store(type, slot);
        locals.store(slot, type);
    }

    /** The way from the point where every local is restored. */
    private Way arrive(LocalTypes locals, List<Target> targets) {
        List<AwaitPoint> awaits = new ArrayList<>();
        Map<Loop, List<AwaitPoint>> loops = new LinkedHashMap<>();
        for (Target target : targets) {
            if (target.loop() == null) {
                awaits.addAll(target.awaits());
            } else {
                loops.computeIfAbsent(target.loop(), key -> new ArrayList<>()).addAll(target.awaits());
            }
        }
        if (loops.isEmpty()) {
            return resumption.to(locals, awaits);
        }
        if (loops.size() == 1 && awaits.isEmpty()) {
            return enter(loops.keySet().iterator().next());
        }
        SortedMap<Integer, LabelNode> ways = new TreeMap<>();
        Way behind = new Way();
        loops.forEach(
                (loop, inside) -> behind.add(started(locals, inside, ways)).add(enter(loop)));
        if (!awaits.isEmpty()) {
            behind.add(started(locals, awaits, ways)).add(resumption.to(locals, awaits));
        }
        Way way = new Way();
        resumption.select(way.code(), ways);
        return way.add(behind);
    }

    /** Starts a way to {@code awaits}, and enters it in {@code ways}. */
    private Way started(LocalTypes locals, List<AwaitPoint> awaits, SortedMap<Integer, LabelNode> ways) {
        LabelNode label = new LabelNode();
        awaits.forEach(await -> ways.put(await.number(), label));
        Way way = new Way();
        way.code().label(label).frame(resumption.inBody(locals, List.of()));
        return way;
    }

    private Way enter(Loop loop) {
        Way way = new Way();
        TypeState header = TypeState.declaredBy(loop.header(), plan.placeholderLabels());
        header.stack().forEach(way.code()::pushDefault); // stack: defaults of the header
        way.code().jump(Opcodes.GOTO, Objects.requireNonNull(headers.get(loop)));
        return way;
    }
}
