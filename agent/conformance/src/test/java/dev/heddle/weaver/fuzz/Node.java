package dev.heddle.weaver.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a generated program: Java text in two versions, {@code woven} and {@code plain}, with a {@code #} for each
 * child in order.
 *
 * @param type the type of an expression, or null
 * @param kind says by which nodes it may be replaced
 */
record Node(Kind kind, @Nullable Type type, String woven, String plain, List<Node> children) {

    enum Kind {
        EXPRESSION,
        STATEMENT,
        /** Any number of statements, or of members. */
        BLOCK,
        /** Never replaced. */
        FIXED
    }

    static Node expression(Type type, String text, Node... children) {
        return twin(type, text, text, children);
    }

    static Node twin(Type type, String woven, String plain, Node... children) {
        return new Node(Kind.EXPRESSION, type, woven, plain, List.of(children));
    }

    static Node statement(String text, Node... children) {
        return twinStatement(text, text, children);
    }

    static Node twinStatement(String woven, String plain, Node... children) {
        return new Node(Kind.STATEMENT, null, woven, plain, List.of(children));
    }

    static Node fixed(String woven, String plain, Node... children) {
        return new Node(Kind.FIXED, null, woven, plain, List.of(children));
    }

    static Node block(List<Node> statements) {
        String text = String.join("\n", Collections.nCopies(statements.size(), "#"));
        return new Node(Kind.BLOCK, null, text, text, List.copyOf(statements));
    }

    Node withChild(int index, Node child) {
        List<Node> changed = new ArrayList<>(children);
        changed.set(index, child);
        return kind == Kind.BLOCK ? block(changed) : new Node(kind, type, woven, plain, List.copyOf(changed));
    }

    int size() {
        return 1 + children.stream().mapToInt(Node::size).sum();
    }

    String render(boolean asWoven) {
        StringBuilder text = new StringBuilder();
        render(asWoven, text);
        return indent(text.toString());
    }

    private void render(boolean asWoven, StringBuilder out) {
        String text = asWoven ? woven : plain;
        int child = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '#') {
                children.get(child++).render(asWoven, out);
            } else {
                out.append(text.charAt(i));
            }
        }
        if (child != children.size()) {
            throw new IllegalStateException(text + " has not " + children.size() + " children");
        }
    }

    private static String indent(String text) {
        StringBuilder out = new StringBuilder();
        int depth = 0;
        for (String line : Arrays.asList(text.split("\n"))) {
            String stripped = line.strip();
            if (stripped.isEmpty()) {
                continue;
            }
            int closing = stripped.startsWith("}") ? 1 : 0;
            out.append("    ".repeat(Math.max(0, depth - closing)))
                    .append(stripped)
                    .append('\n');
            depth += (int) stripped.chars().filter(c -> c == '{').count();
            depth -= (int) stripped.chars().filter(c -> c == '}').count();
        }
        return out.toString();
    }
}
