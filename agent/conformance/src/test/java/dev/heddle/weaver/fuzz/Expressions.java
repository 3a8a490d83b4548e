package dev.heddle.weaver.fuzz;

import dev.heddle.weaver.fuzz.Context.Place;
import dev.heddle.weaver.fuzz.Context.Signature;
import java.util.ArrayList;
import java.util.List;

/**
 * Generates expressions of a given type, with awaits at any place in them. Each is a primary or in parentheses. Type
 * arguments are explicit, because javac takes exponential time to infer nested ones.
 */
final class Expressions {

    /** An await that has no other effect. The plain version has a replacement for it. */
    static final String AWAIT = "await(s.<Integer>later(0))";

    static final String NO_AWAIT = "s.<Integer>now(0)";

    private final Context context;
    private final Operators operators;
    private final Switches switches;
    private final Statements statements;

    Expressions(Context context, Statements statements) {
        this.context = context;
        this.operators = new Operators(context, this);
        this.switches = new Switches(context, this, statements);
        this.statements = statements;
    }

    Switches switches() {
        return switches;
    }

    Node of(Type type, Scope scope, int depth) {
        if (depth <= 0 || --context.budget <= 0) {
            return leaf(type, scope);
        }
        return switch (context.below(16)) {
            case 0, 1, 2, 3 -> scope.awaits ? await(type, scope, depth - 1) : operators.of(type, scope, depth - 1);
            case 4 -> say(type, scope, depth - 1);
            case 5 -> choice(type, scope, depth - 1);
            case 6 -> assignment(type, scope, depth - 1);
            case 7 -> scope.awaits ? call(type, scope, depth - 1) : leaf(type, scope);
            case 8 -> context.oneIn(3) ? switches.expression(type, scope, depth - 1) : leaf(type, scope);
            case 9 -> scope.allowsLambda() && context.oneIn(4) ? lambda(type, scope, depth - 1) : leaf(type, scope);
            case 10 -> leaf(type, scope);
            default -> operators.of(type, scope, depth - 1);
        };
    }

    Node leaf(Type type, Scope scope) {
        List<Scope.Variable> variables = scope.readable(type);
        if (!variables.isEmpty() && !context.oneIn(4)) {
            return Node.expression(type, context.pick(variables).name());
        }
        return literal(type);
    }

    private Node literal(Type type) {
        String text = context.pick(type.literals);
        return Node.expression(type, text.contains(" ") || text.startsWith("-") ? "(" + text + ")" : text);
    }

    Node await(Type type, Scope scope, int depth) {
        String witness = "s.<" + type.boxed + ">";
        return Node.twin(type, "await(" + witness + "later(#))", witness + "now(#)", of(type, scope, depth));
    }

    private Node say(Type type, Scope scope, int depth) {
        String text = "s.<" + type.boxed + ">say(\"" + context.name("e") + "\", #)";
        return Node.expression(type, text, of(type, scope, depth));
    }

    /**
     * A conditional expression. With casts if it is of a primitive type: an await is a generic call, so that without them null
     * would fail here in the plain version only.
     */
    private Node choice(Type type, Scope scope, int depth) {
        Node condition = of(Type.BOOLEAN, scope, depth);
        String cast = type.text.equals(type.boxed) ? "" : "(" + type.text + ") ";
        return Node.expression(
                type, "(# ? " + cast + "# : " + cast + "#)", condition, of(type, scope, depth), of(type, scope, depth));
    }

    private Node assignment(Type type, Scope scope, int depth) {
        List<Scope.Variable> variables = scope.assignable(type);
        if (variables.isEmpty()) {
            return operators.of(type, scope, depth);
        }
        String name = context.pick(variables).name();
        String text = type == Type.STRING ? "(" + name + " = s.cut(#))" : "(" + name + " = #)";
        return Node.expression(type, text, of(type, scope, depth));
    }

    /** An awaited call of another method, or an awaited constructor argument when there is none. */
    Node call(Type type, Scope scope, int depth) {
        List<Signature> callable = context.callable(type);
        if (callable.isEmpty()) {
            return await(type, scope, depth);
        }
        Node call = invocation(context.pick(callable), type, scope, depth);
        return Node.twin(type, "await(#)", "#", call);
    }

    /** A call that is not awaited: a coroutine in the woven version, the result in the plain one. */
    Node invocation(Signature method, Type result, Scope scope, int depth) {
        List<Node> children = new ArrayList<>();
        String witness = method.result() == Type.VARIABLE ? "<" + result.boxed + ">" : "";
        String text = receiver(method, scope, depth, children) + witness + method.name() + "(s";
        for (Type parameter : method.parameters()) {
            Type type = parameter == Type.VARIABLE ? result : parameter;
            text += type == Type.STRING ? ", s.cut(#)" : ", #";
            children.add(of(type, scope, depth));
        }
        return Node.fixed(text + ")", text + ")", children.toArray(Node[]::new));
    }

    private String receiver(Signature method, Scope scope, int depth, List<Node> children) {
        if (method.place() == Place.STATIC) {
            return "P.";
        }
        if (method.place() == Place.INTERFACE) {
            return "new I" + method.name() + "() {}.";
        }
        if (method.place() == Place.RECORD) {
            children.add(of(Type.INT, scope, depth));
            children.add(of(Type.DOUBLE, scope, depth));
            return "new R" + method.name() + "(#, #).";
        }
        if (scope.instance && !context.oneIn(3)) {
            return "this.";
        }
        children.add(of(Type.INT, scope, depth));
        return "new P(#).";
    }

    /** An awaited call of a lambda with awaits, one of them first of all: without any it would be an ordinary lambda. */
    private Node lambda(Type type, Scope scope, int depth) {
        String parameter = context.name("p");
        Scope inner = scope.lambda(type, true);
        inner.declareConstant(parameter, Type.INT);
        Node body = statements.body(inner, Math.min(depth, 2), 2);
        Node argument = of(Type.INT, scope, depth);
        String text = "<Integer, " + type.boxed + ">) " + parameter + " -> {\n%s;\n#\n}).apply(#)";
        return Node.twin(
                type,
                "await(((LaterFunction" + text.formatted(AWAIT) + ")",
                "((PlainFunction" + text.formatted(NO_AWAIT),
                body,
                argument);
    }
}
