// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver.analysis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * The dominator tree of a method's blocks. Block A dominates B if every path from the entry to B passes through A.
 * Computed by the iterative algorithm of Cooper, Harvey and Kennedy, over a reverse postorder.
 */
final class Dominators {

    private static final int UNKNOWN = -1;

    private final List<List<Integer>> edges;
    private final int[] postorder;
    private final int[] immediate;

    Dominators(ControlFlow flow) {
        this.edges = edges(flow);
        this.postorder = new int[edges.size()];
        this.immediate = new int[edges.size()];
        solve(reversePostorder());
    }

    private static List<List<Integer>> edges(ControlFlow flow) {
        List<List<Integer>> edges = new ArrayList<>();
        for (BasicBlock block : flow.blocks()) {
            List<Integer> targets = new ArrayList<>(block.successors());
            targets.addAll(block.handlers());
            edges.add(targets);
        }
        return edges;
    }

    /** Whether every path to {@code block} passes through {@code dominator}; false if {@code block} is unreachable. */
    boolean dominates(int dominator, int block) {
        if (immediate[block] == UNKNOWN) {
            return false;
        }
        int current = block;
        while (current != dominator && current != 0) {
            current = immediate[current];
        }
        return current == dominator;
    }

    private List<Integer> reversePostorder() {
        List<Integer> order = new ArrayList<>();
        Arrays.fill(postorder, UNKNOWN);
        boolean[] seen = new boolean[edges.size()];
        Deque<Integer> path = new ArrayDeque<>();
        Deque<Iterator<Integer>> open = new ArrayDeque<>();
        seen[0] = true;
        path.push(0);
        open.push(edges.get(0).iterator());
        while (!path.isEmpty()) {
            Iterator<Integer> targets = open.element();
            if (targets.hasNext()) {
                int target = targets.next();
                if (!seen[target]) {
                    seen[target] = true;
                    path.push(target);
                    open.push(edges.get(target).iterator());
                }
            } else {
                open.pop();
                int done = path.pop();
                postorder[done] = order.size();
                order.add(done);
            }
        }
        Collections.reverse(order);
        return order;
    }

    private void solve(List<Integer> reversePostorder) {
        Arrays.fill(immediate, UNKNOWN);
        immediate[0] = 0;
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int block : reversePostorder) {
                for (int target : edges.get(block)) {
                    int dominator = immediate[target] == UNKNOWN ? block : intersect(block, immediate[target]);
                    if (target != 0 && dominator != immediate[target]) {
                        immediate[target] = dominator;
                        changed = true;
                    }
                }
            }
        }
    }

    private int intersect(int first, int second) {
        int a = first;
        int b = second;
        while (a != b) {
            if (postorder[a] < postorder[b]) {
                a = immediate[a];
            } else {
                b = immediate[b];
            }
        }
        return a;
    }
}
