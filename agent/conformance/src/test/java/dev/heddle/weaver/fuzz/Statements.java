package dev.heddle.weaver.fuzz;

import java.util.ArrayList;
import java.util.List;

/** Generates blocks and the statements in them. A jump is always inside an {@code if}, so that the statements after it compile. */
final class Statements {

    private final Context context;
    private final Expressions expressions;
    private final Compounds compounds;

    Statements(Context context) {
        this.context = context;
        this.expressions = new Expressions(context, this);
        this.compounds = new Compounds(context, expressions, this);
    }

    /** Statements in a scope of their own, and a return at their end. */
    Node body(Scope outer, int depth, int most) {
        Scope scope = outer.nested();
        List<Node> statements = several(scope, depth, most);
        statements.add(returned(scope));
        return Node.block(statements);
    }

    /** Statements until the budget is used up, every other one a block without awaits, and a return at their end. */
    Node largeBody(Scope outer, int depth) {
        Scope scope = outer.nested();
        List<Node> statements = new ArrayList<>();
        while (context.budget > 0) {
            statements.add(
                    context.oneIn(2)
                            ? statement(scope, depth)
                            : Node.statement("{\n#\n}", block(scope.withoutAwaits(), depth, 2)));
        }
        statements.add(returned(scope));
        return Node.block(statements);
    }

    /** Statements. Their declarations are added to {@code scope}. */
    Node block(Scope scope, int depth, int most) {
        return Node.block(several(scope, depth, most));
    }

    private List<Node> several(Scope scope, int depth, int most) {
        List<Node> statements = new ArrayList<>();
        for (int count = context.below(most + 1); count >= 0 && context.budget > 0; count--) {
            statements.add(statement(scope, depth));
        }
        return statements;
    }

    private Node statement(Scope scope, int depth) {
        if (depth <= 0) {
            return simple(scope);
        }
        return switch (context.below(24)) {
            case 0, 1 -> compounds.branch(scope, depth);
            case 2, 3, 4 -> compounds.loop(scope, depth);
            case 5, 6, 7, 8 -> compounds.tried(scope, depth);
            case 9 -> compounds.resources(scope, depth);
            case 10, 11 -> expressions.switches().statement(scope, depth);
            case 12 -> compounds.labelled(scope, depth);
            case 13 -> compounds.locked(scope, depth);
            case 14 -> scope.awaits ? compounds.cold(scope, depth) : simple(scope);
            case 15 -> compounds.lambda(scope, depth);
            default -> simple(scope);
        };
    }

    private Node simple(Scope scope) {
        return switch (context.below(12)) {
            case 0, 1, 2 -> declaration(scope);
            case 3 -> note(scope);
            case 4 -> jump(scope);
            case 5 -> scope.awaits ? ignored(scope) : note(scope);
            case 6 -> element(scope);
            case 7 -> splitDeclaration(scope);
            default -> assignment(scope);
        };
    }

    private Type anyType(Scope scope) {
        return !scope.readable(Type.VARIABLE).isEmpty() && context.oneIn(3) ? Type.VARIABLE : context.pick(Type.ALL);
    }

    private Node declaration(Scope scope) {
        Type type = anyType(scope);
        String name = context.name("v");
        Node value = expressions.of(type, scope, 4);
        if (context.oneIn(3)) {
            scope.declareConstant(name, type);
            return Node.statement("final " + type.text + " " + name + " = #;", value);
        }
        scope.declare(name, type);
        return Node.statement(type.text + " " + name + " = #;", value);
    }

    /** A variable that is not assigned on every path to the awaits before its use. */
    private Node splitDeclaration(Scope scope) {
        Type type = anyType(scope);
        String name = context.name("v");
        Node condition = expressions.of(Type.BOOLEAN, scope, 2);
        Node first = expressions.of(type, scope, 3);
        Node second = expressions.of(type, scope, 3);
        scope.declare(name, type);
        String text = context.oneIn(2)
                ? " %s;\nif (#) {\n%s = #;\n} else {\n%s = #;\n}"
                : " %s;\nif (#) {\n%s = #;\ns.note(show(%1$s));\n}\n%1$s = #;";
        return Node.statement(type.text + text.formatted(name, name, name), condition, first, second);
    }

    private Node note(Scope scope) {
        return Node.statement("s.note(show(#));", expressions.of(anyType(scope), scope, 4));
    }

    private Node ignored(Scope scope) {
        Type type = anyType(scope);
        return Node.statement(
                "#;",
                context.oneIn(2)
                        ? expressions.await(type, scope, 3)
                        : expressions.call(context.pick(Type.ALL), scope, 3));
    }

    private Node element(Scope scope) {
        Type type = context.pick(Type.ARRAYS);
        Node array = expressions.of(type, scope, 2);
        Node index = expressions.of(Type.INT, scope, 2);
        String text = type == Type.STRINGS ? "#[# & 1] = s.cut(#);" : "#[# & 1] " + context.pick("=", "+=") + " #;";
        Node value = expressions.of(type.element(), scope, 3);
        return array.woven().startsWith("new ") ? note(scope) : Node.statement(text, array, index, value);
    }

    private Node assignment(Scope scope) {
        List<Scope.Variable> variables = scope.assignable();
        if (variables.isEmpty()) {
            return note(scope);
        }
        Scope.Variable variable = context.pick(variables);
        Type type = variable.type();
        String name = variable.name();
        if (type == Type.STRING) {
            return Node.statement(
                    name + context.pick(" = ", " += ") + "#;\n" + name + " = s.cut(" + name + ");",
                    expressions.of(type, scope, 4));
        }
        String operator = Type.NUMBERS.contains(type) ? context.pick("=", "+=", "-=", "*=") : "=";
        return Node.statement(name + " " + operator + " #;", expressions.of(type, scope, 4));
    }

    Node jump(Scope scope) {
        List<Node> jumps = new ArrayList<>();
        for (Scope.Target target : scope.targets) {
            if (!target.label().isEmpty()) {
                jumps.add(Node.fixed("break " + target.label() + ";", "break " + target.label() + ";"));
                if (target.loop()) {
                    jumps.add(Node.fixed("continue " + target.label() + ";", "continue " + target.label() + ";"));
                }
            }
        }
        if (scope.targets.stream()
                .anyMatch(target -> target.loop() || target.label().isEmpty())) {
            jumps.add(Node.fixed("break;", "break;"));
        }
        if (scope.targets.stream().anyMatch(Scope.Target::loop)) {
            jumps.add(Node.fixed("continue;", "continue;"));
        }
        String thrown = "throw new Thrown(\"" + context.name("t") + "\");";
        jumps.add(Node.fixed(thrown, thrown));
        if (scope.result != null) {
            jumps.add(returned(scope));
        }
        Node condition =
                context.oneIn(3) ? Node.expression(Type.BOOLEAN, "true") : expressions.of(Type.BOOLEAN, scope, 3);
        return Node.statement("if (#) {\n#\n}", condition, context.pick(jumps));
    }

    /** A return of a value, or of a coroutine that is awaited at the return. */
    Node returned(Scope scope) {
        Type type = scope.result;
        int choice = scope.awaits ? context.below(6) : 3;
        if (choice == 0) {
            return Node.fixed("return s.later(#);", "return s.now(#);", expressions.of(type, scope, 3));
        }
        List<Context.Signature> callable = context.callable(type);
        if (choice < 3 && !callable.isEmpty()) {
            return Node.fixed("return #;", "return #;", expressions.invocation(context.pick(callable), type, scope, 3));
        }
        return Node.fixed("return Coroutine.of(#);", "return #;", expressions.of(type, scope, 4));
    }
}
