package dev.heddle.weaver.analysis;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.weaver.WovenShapes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/** Every loop of a woven method has one entry, its header, or else an optimising compiler would leave it as it is. */
class ReducibleLoopsTest {

    @TestFactory
    Stream<DynamicTest> everyWovenShape() {
        return WovenShapes.all().map(node -> DynamicTest.dynamicTest(node.name, () -> check(node)));
    }

    private static void check(ClassNode node) {
        for (MethodNode method : node.methods) {
            if (method.instructions.size() > 0) {
                checkRetreatingEdges(new ControlFlow(method), node.name + "." + method.name + method.desc);
            }
        }
    }

    /** In a depth-first walk, an edge to a block that the walk is still in leads back: its target is a loop header. */
    private static void checkRetreatingEdges(ControlFlow flow, String method) {
        Dominators dominators = new Dominators(flow);
        BitSet seen = new BitSet();
        BitSet inProgress = new BitSet();
        Deque<Integer> path = new ArrayDeque<>();
        Deque<Iterator<Integer>> open = new ArrayDeque<>();
        path.push(0);
        open.push(targets(flow, 0));
        seen.set(0);
        inProgress.set(0);
        while (!path.isEmpty()) {
            int block = path.element();
            if (!open.element().hasNext()) {
                open.pop();
                inProgress.clear(path.pop());
                continue;
            }
            int target = open.element().next();
            if (inProgress.get(target)) {
                assertTrue(
                        dominators.dominates(target, block),
                        () -> method + ": the loop at block " + target + " has a second entry");
            } else if (!seen.get(target)) {
                seen.set(target);
                inProgress.set(target);
                path.push(target);
                open.push(targets(flow, target));
            }
        }
    }

    private static Iterator<Integer> targets(ControlFlow flow, int block) {
        List<Integer> targets = new ArrayList<>(flow.blocks().get(block).successors());
        targets.addAll(flow.blocks().get(block).handlers());
        return targets.iterator();
    }
}
