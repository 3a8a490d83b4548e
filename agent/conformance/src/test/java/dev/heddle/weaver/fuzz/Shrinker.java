package dev.heddle.weaver.fuzz;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** Makes a failing program small: it removes statements and simplifies expressions as long as the program still fails. */
final class Shrinker {

    private final Predicate<Program> fails;
    private int attempts;

    private Shrinker(Predicate<Program> fails, int attempts) {
        this.fails = fails;
        this.attempts = attempts;
    }

    static Program shrink(Program program, int attempts, Predicate<Program> fails) {
        Shrinker shrinker = new Shrinker(fails, attempts);
        Program smallest = program;
        Program smaller = shrinker.step(smallest);
        while (smaller.members().size() < smallest.members().size()) {
            smallest = smaller;
            smaller = shrinker.step(smallest);
        }
        return smallest;
    }

    /** The first smaller version that fails as well, the smallest ones tried first. */
    private Program step(Program program) {
        List<Node> smaller = smaller(program.members());
        smaller.sort(Comparator.comparingInt(Node::size));
        for (Node members : smaller) {
            if (attempts-- <= 0) {
                break;
            }
            Program candidate = program.with(members);
            if (fails.test(candidate)) {
                return candidate;
            }
        }
        return program;
    }

    /** All versions of {@code node} with one change somewhere that makes it smaller. */
    private static List<Node> smaller(Node node) {
        List<Node> versions = new ArrayList<>();
        for (Node replacement : replacements(node)) {
            if (replacement.size() < node.size()) {
                versions.add(replacement);
            }
        }
        for (int i = 0; i < node.children().size(); i++) {
            for (Node child : smaller(node.children().get(i))) {
                versions.add(node.withChild(i, child));
            }
        }
        return versions;
    }

    private static List<Node> replacements(Node node) {
        List<Node> replacements = new ArrayList<>();
        switch (node.kind()) {
            case EXPRESSION -> {
                for (String literal : node.type().literals) {
                    replacements.add(Node.expression(node.type(), "(" + literal + ")"));
                }
                descendants(node, replacements, node);
            }
            case BLOCK -> {
                List<Node> children = node.children();
                for (int i = 0; i < children.size(); i++) {
                    List<Node> rest = new ArrayList<>(children);
                    Node removed = rest.remove(i);
                    replacements.add(Node.block(rest));
                    for (Node inner : removed.children()) {
                        if (inner.kind() == Node.Kind.BLOCK) {
                            List<Node> unwrapped = new ArrayList<>(rest);
                            unwrapped.addAll(i, inner.children());
                            replacements.add(Node.block(unwrapped));
                        }
                    }
                }
            }
            case STATEMENT, FIXED -> {}
        }
        return replacements;
    }

    /** The expressions inside {@code root} of the same type. */
    private static void descendants(Node node, List<Node> found, Node root) {
        for (Node child : node.children()) {
            if (child.kind() == Node.Kind.EXPRESSION && child.type() == root.type()) {
                found.add(child);
            } else {
                descendants(child, found, root);
            }
        }
    }
}
