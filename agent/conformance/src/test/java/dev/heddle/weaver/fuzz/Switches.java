package dev.heddle.weaver.fuzz;

import java.util.ArrayList;
import java.util.List;

/** Generates switches: statements and expressions, with the old and the new labels, over numbers, texts, enums, types. */
final class Switches {

    /** Older compilers fail if a switch in certain compound assignments contains a {@code try}. */
    private final boolean tries = Runtime.version().feature() >= 21;

    private final Context context;
    private final Expressions expressions;
    private final Statements statements;

    Switches(Context context, Expressions expressions, Statements statements) {
        this.context = context;
        this.expressions = expressions;
        this.statements = statements;
    }

    /** The selector of a switch, and the labels of its cases. */
    private record Selector(Node value, List<String> labels) {}

    private Selector selector(Scope scope, int depth) {
        return switch (context.below(3)) {
            case 0 ->
                new Selector(
                        Node.expression(Type.INT, "# & 3", expressions.of(Type.INT, scope, depth)),
                        context.oneIn(2) ? List.of("0", "1", "3") : List.of("-1", "2", "1000"));
            case 1 -> new Selector(expressions.of(Type.STRING, scope, depth), List.of("\"a\"", "\"bc\"", "\"\""));
            default -> new Selector(expressions.of(Type.COLOR, scope, depth), List.of("RED", "GREEN"));
        };
    }

    Node expression(Type type, Scope outer, int depth) {
        Scope scope = outer.withoutJumps();
        if (context.patterns && context.oneIn(2)) {
            return patterns(type, scope, depth);
        }
        Selector selector = selector(outer, depth);
        boolean arrows = context.oneIn(2);
        List<Node> children = new ArrayList<>(List.of(selector.value));
        StringBuilder text = new StringBuilder("(switch (#) {\n");
        for (String label : selector.labels) {
            text.append(arm("case " + label, arrows, type, scope, depth, children));
        }
        text.append(arm("default", arrows, type, scope, depth, children));
        return Node.expression(type, text + "})", children.toArray(Node[]::new));
    }

    private String arm(String label, boolean arrows, Type type, Scope scope, int depth, List<Node> children) {
        if (arrows && !context.oneIn(3)) {
            children.add(expressions.of(type, scope, depth));
            return label + " -> #;\n";
        }
        Scope inner = scope.nested();
        boolean fallsThrough = !arrows && !label.equals("default") && context.oneIn(3);
        children.add(statements.block(arrows ? inner : inner.nested(), tries ? Math.min(depth, 1) : 0, 1));
        if (fallsThrough) {
            return label + ": {\n#\n}\n";
        }
        Node value = expressions.of(type, inner, depth);
        children.add(value);
        String name = context.name("y");
        // javac does not accept a parenthesis with braces in it as the operand of a yield
        String yield = value.render(true).startsWith("(")
                ? "final " + type.text + " " + name + " = #;\nyield " + name + ";"
                : "yield #;";
        return label + (arrows ? " -> " : ": ") + "{\n#\n" + yield + "\n}\n";
    }

    private Node patterns(Type type, Scope scope, int depth) {
        List<Node> children = new ArrayList<>(List.of(expressions.of(Type.OBJECT, scope, depth)));
        StringBuilder text = new StringBuilder("(switch ((Object) #) {\n");
        if (context.oneIn(2)) {
            text.append(patternArm("case null", type, scope, depth, children));
        }
        for (Type tested : List.of(Type.INTEGER, Type.STRING, Type.POINT)) {
            String name = context.name("i");
            Scope inner = scope.nested();
            inner.declare(name, tested);
            if (context.oneIn(2)) {
                children.add(expressions.of(Type.BOOLEAN, scope.lambda(null, scope.awaits), depth - 1));
                text.append(patternArm(
                        "case " + tested.text + " " + name + " when s.<Boolean>say(\"" + name + "\", #)",
                        type,
                        inner,
                        depth,
                        children));
            }
        }
        String name = context.name("i");
        Scope inner = scope.nested();
        inner.declare(name, Type.INT);
        inner.declare("t" + name, Type.STRING);
        String point = "Point(int " + name + ", var l" + name + ", String t" + name + ")";
        text.append(patternArm("case " + point, type, inner, depth, children));
        String line = context.name("i");
        text.append(patternArm(
                "case Line(Point(int " + line + ", var l" + line + ", var t" + line + "), Point u" + line + ")",
                type,
                scope,
                depth,
                children));
        text.append(patternArm("default", type, scope, depth, children));
        return Node.expression(type, text + "})", children.toArray(Node[]::new));
    }

    private String patternArm(String label, Type type, Scope scope, int depth, List<Node> children) {
        children.add(expressions.of(type, scope, depth));
        return label + " -> #;\n";
    }

    Node statement(Scope scope, int depth) {
        Selector selector = selector(scope, depth);
        boolean arrows = context.oneIn(3);
        List<String> labels = new ArrayList<>();
        selector.labels.forEach(label -> labels.add("case " + label));
        if (!context.oneIn(4)) {
            labels.add(context.below(labels.size() + 1), "default");
        }
        List<Node> children = new ArrayList<>(List.of(selector.value));
        StringBuilder text = new StringBuilder("switch (#) {\n");
        for (String label : labels) {
            children.add(statements.block(scope.nested(new Scope.Target("", false)), depth - 1, 2));
            String end = !arrows && !context.oneIn(3) ? "break;\n" : "";
            text.append(label).append(arrows ? " -> {\n#\n}\n" : ": {\n#\n}\n").append(end);
        }
        return Node.statement(text + "}", children.toArray(Node[]::new));
    }
}
