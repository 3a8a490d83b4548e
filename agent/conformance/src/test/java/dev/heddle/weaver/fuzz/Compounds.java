package dev.heddle.weaver.fuzz;

import dev.heddle.weaver.fuzz.Context.Place;
import dev.heddle.weaver.fuzz.Context.Signature;
import java.util.ArrayList;
import java.util.List;

/** Generates the statements that contain others. Every loop ends by its counter or by the fuel of the trace. */
final class Compounds {

    private static final List<String> CAUGHT = List.of(
            "Thrown", "IllegalStateException | ArithmeticException", "RuntimeException", "Exception", "Throwable");

    private final Context context;
    private final Expressions expressions;
    private final Statements statements;

    Compounds(Context context, Expressions expressions, Statements statements) {
        this.context = context;
        this.expressions = expressions;
        this.statements = statements;
    }

    private Node block(Scope scope, int depth) {
        return statements.block(scope.nested(), depth - 1, 2);
    }

    Node branch(Scope scope, int depth) {
        Node condition = expressions.of(Type.BOOLEAN, scope, 4);
        return context.oneIn(2)
                ? Node.statement("if (#) {\n#\n}", condition, block(scope, depth))
                : Node.statement("if (#) {\n#\n} else {\n#\n}", condition, block(scope, depth), block(scope, depth));
    }

    Node loop(Scope outer, int depth) {
        String label = context.oneIn(2) ? context.name("l") : "";
        String start = label.isEmpty() ? "" : label + ":\n";
        String counter = context.name("n");
        Scope scope = outer.nested(new Scope.Target(label, true));
        return switch (context.below(6)) {
            case 0, 1 -> {
                Node bound = expressions.of(Type.INT, outer, context.below(3));
                scope.declareCounter(counter);
                String head = "for (int %s = 0; %s < (# & 3) && s.fuel(); %s++) {\n#\n}".replace("%s", counter);
                yield Node.statement(start + head, bound, block(scope, depth));
            }
            case 2 ->
                Node.statement(
                        "int " + counter + " = 0;\n" + start + "while (s.fuel() && " + counter + "++ < 3 && #) {\n#\n}",
                        expressions.of(Type.BOOLEAN, outer, 3),
                        block(scope, depth));
            case 3 -> {
                Node body = block(scope, depth);
                yield Node.statement(
                        "int " + counter + " = 0;\n" + start + "do {\n#\n} while (++" + counter
                                + " < 3 && s.fuel() && #);",
                        body,
                        expressions.of(Type.BOOLEAN, outer, 3));
            }
            case 4 -> {
                Type array = context.pick(Type.ARRAYS);
                Node iterated = expressions.of(array, outer, 3);
                scope.declare(counter, array.element());
                String head = start + "for (" + array.element().text + " " + counter + " : #) {\n#\n}";
                yield Node.statement(head, iterated, block(scope, depth));
            }
            default -> {
                scope.declare(counter, Type.STRING);
                Node first = expressions.of(Type.STRING, outer, 2);
                Node second = expressions.of(Type.STRING, outer, 2);
                String head = start + "for (String " + counter + " : Arrays.asList(#, #)) {\n#\n}";
                yield Node.statement(head, first, second, block(scope, depth));
            }
        };
    }

    Node labelled(Scope scope, int depth) {
        String label = context.name("l");
        return Node.statement(label + ": {\n#\n}", block(scope.nested(new Scope.Target(label, false)), depth));
    }

    Node locked(Scope scope, int depth) {
        return Node.statement(
                "synchronized (s) {\n#\n}", block(context.refusals ? scope : scope.withoutAwaits(), depth));
    }

    Node tried(Scope scope, int depth) {
        List<Node> children = new ArrayList<>(List.of(block(scope, depth)));
        StringBuilder text = new StringBuilder("try {\n#\n}");
        boolean last = context.oneIn(3);
        if (!last || context.oneIn(2)) {
            catches(text, scope, depth, children);
        }
        if (last) {
            children.add(block(scope, depth));
            text.append(" finally {\n#\n}");
        }
        if (children.size() == 1) {
            text.append(" finally {\ns.note(\"finally\");\n}");
        }
        return Node.statement(text.toString(), children.toArray(Node[]::new));
    }

    private void catches(StringBuilder text, Scope scope, int depth, List<Node> children) {
        int from = context.below(CAUGHT.size());
        for (int i = from; i < CAUGHT.size() && (i == from || context.oneIn(3)); i++) {
            String name = context.name("x");
            text.append(" catch (" + CAUGHT.get(i) + " " + name + ") {\n#\ns.caught(" + name + ");\n#\n");
            Scope inner = scope.nested();
            children.add(statements.block(inner, 0, 1));
            children.add(statements.block(inner, depth - 1, 2));
            if (context.oneIn(3)) {
                children.add(expressions.of(Type.BOOLEAN, inner, 2));
                text.append("if (#) {\nthrow " + name + ";\n}\n");
            }
            text.append("}");
        }
    }

    Node resources(Scope scope, int depth) {
        String first = context.name("r");
        String second = context.name("r");
        Node firstFails = expressions.of(Type.BOOLEAN, scope, 2);
        Node body = block(scope, depth);
        String text = "try (Resource %1$s = new Resource(s, \"%1$s\", #)".formatted(first);
        if (context.oneIn(2)) {
            return Node.statement(text + ") {\n#\n}", firstFails, body);
        }
        text += "; Resource %1$s = # ? null : new Resource(s, \"%1$s\", #)) {\n#\n}".formatted(second);
        Node isNull = expressions.of(Type.BOOLEAN, scope, 2);
        Node secondFails = expressions.of(Type.BOOLEAN, scope, 2);
        if (context.oneIn(2)) {
            return Node.statement(
                    text + " finally {\n#\n}", firstFails, isNull, secondFails, body, block(scope, depth));
        }
        return Node.statement(text, firstFails, isNull, secondFails, body);
    }

    /** A coroutine that is created first, and awaited or returned after other statements. */
    Node cold(Scope outer, int depth) {
        Type type = context.pick(Type.ALL);
        if (outer.result != null && context.oneIn(2)) {
            type = outer.result;
        }
        List<Signature> callable = context.callable(type).stream()
                .filter(method -> method.place() == Place.STATIC)
                .toList();
        if (callable.isEmpty() || type == Type.VARIABLE) {
            return branch(outer, depth);
        }
        Signature method = context.pick(callable);
        List<Node> children = new ArrayList<>();
        StringBuilder text = new StringBuilder("{\n");
        StringBuilder call = new StringBuilder(method.name() + "(s");
        for (Type declared : method.parameters()) {
            Type parameter = declared == Type.VARIABLE ? type : declared;
            String name = context.name("a");
            children.add(expressions.of(parameter, outer, 3));
            text.append(
                    "final " + parameter.text + " " + name + (parameter == Type.STRING ? " = s.cut(#);\n" : " = #;\n"));
            call.append(", " + name);
        }
        String coroutine = context.name("c");
        children.add(block(outer, depth));
        boolean returns = type == outer.result && !context.oneIn(3);
        String use = returns ? "if (#) {\nreturn %s;\n}\n}" : "if (#) {\ns.note(show(%s));\n}\n}";
        children.add(expressions.of(Type.BOOLEAN, outer, context.below(2)));
        String rest = coroutine + " = %s;\n#\n" + use;
        String woven = "Coroutine<" + type.boxed + "> "
                + rest.formatted(call + ")", returns ? coroutine : "await(" + coroutine + ")");
        String plain = "Supplier<" + type.boxed + "> " + rest.formatted("() -> " + call + ")", coroutine + ".get()");
        return Node.twinStatement(text + woven, text + plain, children.toArray(Node[]::new));
    }

    /** A lambda that is called after other statements, with awaits in it or without. */
    Node lambda(Scope outer, int depth) {
        Type type = context.pick(Type.ALL);
        boolean async = outer.awaits && context.oneIn(2);
        String name = context.name("f");
        String parameter = context.name("p");
        Scope inner = outer.lambda(type, async);
        inner.declareConstant(parameter, Type.INT);
        String head = "{\n%s<Integer, " + type.boxed + "> " + name + " = " + parameter + " -> ";
        Node between = block(outer, depth);
        Node argument = expressions.of(Type.INT, outer, 2);
        if (async) {
            String text = head + "{\n%s;\n#\n};\n#\ns.note(show(%s" + name + ".apply(#)%s));\n}";
            Node body = statements.body(inner, depth - 1, 2);
            return Node.twinStatement(
                    text.formatted("LaterFunction", Expressions.AWAIT, "await(", ")"),
                    text.formatted("PlainFunction", Expressions.NO_AWAIT, "", ""),
                    body,
                    between,
                    argument);
        }
        String text = head.formatted("PlainFunction") + "#;\n#\ns.note(show(" + name + ".apply(#)));\n}";
        return Node.statement(text, expressions.of(type, inner, 3), between, argument);
    }
}
