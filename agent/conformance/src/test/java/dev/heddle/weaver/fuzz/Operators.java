package dev.heddle.weaver.fuzz;

import java.util.ArrayList;
import java.util.List;

/** Generates the expressions that are particular to a type: operators, constructors, conversions, array accesses, field accesses. */
final class Operators {

    private final Context context;
    private final Expressions expressions;

    Operators(Context context, Expressions expressions) {
        this.context = context;
        this.expressions = expressions;
    }

    Node of(Type type, Scope scope, int depth) {
        return switch (type) {
            case BOOLEAN -> bool(scope, depth);
            case BYTE, SHORT, CHAR -> small(type, scope, depth);
            case INT -> context.oneIn(2) ? number(type, scope, depth) : integer(scope, depth);
            case LONG, FLOAT, DOUBLE -> number(type, scope, depth);
            case STRING -> string(scope, depth);
            case INTEGER -> make(type, "Integer.valueOf(#)", scope, depth, Type.INT);
            case NUMBER -> make(type, "((Number) #)", scope, depth, context.pick(List.of(Type.INT, Type.DOUBLE)));
            case OBJECT -> make(type, "((Object) #)", scope, depth, notArray());
            case INTS, LONGS, BYTES, DOUBLES, STRINGS -> array(type, scope, depth);
            case POINT -> point(scope, depth);
            case BOX ->
                make(
                        type,
                        context.pick("new Box<>(#, #)", "new Box<String>(#, #)"),
                        scope,
                        depth,
                        Type.STRING,
                        Type.LONG);
            case COLOR -> make(type, "Color.values()[# & 1]", scope, depth, Type.INT);
            case VARIABLE -> expressions.leaf(type, scope);
        };
    }

    private Node make(Type type, String text, Scope scope, int depth, Type... children) {
        List<Node> nodes = new ArrayList<>();
        for (Type child : children) {
            nodes.add(expressions.of(child, scope, depth));
        }
        return Node.expression(type, text, nodes.toArray(Node[]::new));
    }

    private Type notArray() {
        return context.pick(
                Type.ALL.stream().filter(type -> !Type.ARRAYS.contains(type)).toList());
    }

    private Node bool(Scope scope, int depth) {
        Type number = context.pick(Type.NUMBERS);
        return switch (context.below(10)) {
            case 0, 1, 2 ->
                make(Type.BOOLEAN, "(# " + context.pick("<", ">", "<=", ">=") + " #)", scope, depth, number, number);
            case 3 -> make(Type.BOOLEAN, "(# && #)", scope, depth, Type.BOOLEAN, Type.BOOLEAN);
            case 4 -> make(Type.BOOLEAN, "(# || #)", scope, depth, Type.BOOLEAN, Type.BOOLEAN);
            case 5 -> make(Type.BOOLEAN, context.pick("(# ^ #)", "(# & #)"), scope, depth, Type.BOOLEAN, Type.BOOLEAN);
            case 6 -> make(Type.BOOLEAN, "(!#)", scope, depth, Type.BOOLEAN);
            case 7 -> make(Type.BOOLEAN, context.pick("(# == null)", "\"a\".equals(#)"), scope, depth, Type.STRING);
            case 8 -> make(Type.BOOLEAN, "(# == Color.RED)", scope, depth, Type.COLOR);
            default -> pattern(scope, depth);
        };
    }

    private Node pattern(Scope scope, int depth) {
        Scope inner = scope.nested();
        String name = context.name("i");
        String pattern;
        if (context.patterns && context.oneIn(2)) {
            inner.declare(name, Type.INT);
            pattern = "(((Object) #) instanceof Point(int " + name + ", long l" + name + ", var t" + name + ")";
        } else {
            Type type = context.pick(List.of(Type.INTEGER, Type.STRING, Type.POINT));
            inner.declare(name, type);
            pattern = "(((Object) #) instanceof " + type.text + " " + name;
        }
        Node object = expressions.of(Type.OBJECT, scope, depth);
        return context.oneIn(2)
                ? Node.expression(Type.BOOLEAN, pattern + " && #)", object, expressions.of(Type.BOOLEAN, inner, depth))
                : Node.expression(
                        Type.BOOLEAN,
                        pattern + " ? # : #)",
                        object,
                        expressions.of(Type.BOOLEAN, inner, depth),
                        expressions.of(Type.BOOLEAN, scope, depth));
    }

    private Node small(Type type, Scope scope, int depth) {
        List<Scope.Variable> variables = scope.assignable(type);
        if (!variables.isEmpty() && context.oneIn(2)) {
            return change(type, context.pick(variables).name(), scope, depth);
        }
        if (type == Type.BYTE && context.oneIn(3)) {
            return make(type, "#[# & 1]", scope, depth, Type.BYTES, Type.INT);
        }
        String cast = "((" + type.text + ") ";
        return context.oneIn(2)
                ? make(type, cast + "(# + #))", scope, depth, Type.INT, context.pick(Type.NUMBERS.subList(0, 4)))
                : make(type, cast + "(int) #)", scope, depth, Type.INT);
    }

    private Node change(Type type, String variable, Scope scope, int depth) {
        return switch (context.below(4)) {
            case 0 -> Node.expression(type, "(" + variable + "++)");
            case 1 -> Node.expression(type, "(--" + variable + ")");
            default -> make(type, "(" + variable + " " + context.pick("+=", "-=", "*=") + " #)", scope, depth, type);
        };
    }

    /** Operators that all of int, long, float and double have. */
    private Node number(Type type, Scope scope, int depth) {
        boolean whole = type == Type.INT || type == Type.LONG;
        List<Scope.Variable> variables = scope.assignable(type);
        int choice = context.below(8);
        if (choice == 0 && !variables.isEmpty()) {
            return change(type, context.pick(variables).name(), scope, depth);
        }
        if (choice == 1) {
            Type from = context.pick(Type.NUMBERS);
            return make(type, "((" + type.text + ") (" + from.text + ") #)", scope, depth, from);
        }
        if (choice == 2 && type != Type.FLOAT) {
            Type array = type == Type.INT ? Type.INTS : type == Type.LONG ? Type.LONGS : Type.DOUBLES;
            return context.oneIn(2)
                    ? make(type, "#[# & 1]", scope, depth, array, Type.INT)
                    : make(
                            type,
                            "(#[# & 1] " + context.pick("=", "+=", "-=") + " #)",
                            scope,
                            depth,
                            array,
                            Type.INT,
                            type);
        }
        if (choice == 3) {
            return make(type, whole && context.oneIn(2) ? "(~#)" : "(-#)", scope, depth, type);
        }
        if (choice == 4 && whole) {
            return make(
                    type,
                    "(# " + context.pick("&", "|", "^", "<<", ">>", ">>>", "/", "%") + " #)",
                    scope,
                    depth,
                    type,
                    type);
        }
        return make(type, "(# " + context.pick("+", "-", "*") + " #)", scope, depth, type, type);
    }

    private Node integer(Scope scope, int depth) {
        return switch (context.below(10)) {
            case 0 -> make(Type.INT, "#.length", scope, depth, context.pick(Type.ARRAYS));
            case 1 -> make(Type.INT, "#.length()", scope, depth, Type.STRING);
            case 2 -> make(Type.INT, "#.x()", scope, depth, Type.POINT);
            case 3 -> make(Type.INT, "#.intValue()", scope, depth, Type.NUMBER);
            case 4 -> make(Type.INT, "#.ordinal()", scope, depth, Type.COLOR);
            case 5 -> make(Type.INT, "#.intValue()", scope, depth, Type.INTEGER);
            case 6 -> make(Type.INT, "ints(#, #, #)[1]", scope, depth, Type.INT, Type.INT, Type.INT);
            case 7 ->
                scope.instance
                        ? make(
                                Type.INT,
                                context.pick("(count += #)", "(this.count = #)", "(count++ + #)"),
                                scope,
                                depth,
                                Type.INT)
                        : Node.expression(Type.INT, "total");
            case 8 ->
                make(Type.INT, context.pick("(total += #)", "(total++ - #)", "(total = #)"), scope, depth, Type.INT);
            default -> make(Type.INT, "#[#]", scope, depth, Type.INTS, Type.INT);
        };
    }

    private Node string(Scope scope, int depth) {
        List<Scope.Variable> variables = scope.assignable(Type.STRING);
        return switch (context.below(10)) {
            case 0, 1 ->
                make(Type.STRING, "(\"k\" + # + # + \"l\" + #)", scope, depth, notArray(), notArray(), notArray());
            case 2 -> make(Type.STRING, "(# + #)", scope, depth, Type.STRING, notArray());
            case 3 ->
                make(
                        Type.STRING,
                        "mix(#, #, #, #, #, #, #, #, #, #, #)",
                        scope,
                        depth - 1,
                        Type.INT,
                        Type.LONG,
                        Type.FLOAT,
                        Type.DOUBLE,
                        Type.STRING,
                        Type.BYTE,
                        Type.OBJECT,
                        Type.CHAR,
                        Type.BOOLEAN,
                        Type.SHORT,
                        Type.INTS);
            case 4 -> make(Type.STRING, "#.name()", scope, depth, Type.POINT);
            case 5 -> make(Type.STRING, "#.content()", scope, depth, Type.BOX);
            case 6 -> make(Type.STRING, "#[# & 1]", scope, depth, Type.STRINGS, Type.INT);
            case 7 -> make(Type.STRING, "show(#)", scope, depth, Type.OBJECT);
            case 8 ->
                make(
                        Type.STRING,
                        "new Box<>(new Box<>(#, #), #).content().content().name()",
                        scope,
                        depth,
                        Type.POINT,
                        Type.LONG,
                        Type.LONG);
            default -> {
                if (variables.isEmpty()) {
                    yield make(Type.STRING, "Arrays.toString(#)", scope, depth, Type.INTS);
                }
                String name = context.pick(variables).name();
                yield make(Type.STRING, "(" + name + " = s.cut(" + name + " += #))", scope, depth, notArray());
            }
        };
    }

    private Node array(Type type, Scope scope, int depth) {
        Type element = type.element();
        return switch (context.below(4)) {
            case 0 -> make(type, "(new " + element.text + "[(# & 1) + 2])", scope, depth, Type.INT);
            case 1 -> make(type, "#.clone()", scope, depth, type);
            default -> make(type, "(new " + type.text + " {#, #, #})", scope, depth, element, element, element);
        };
    }

    private Node point(Scope scope, int depth) {
        return context.oneIn(3)
                ? make(Type.POINT, "new Line(#, #).to()", scope, depth, Type.POINT, Type.POINT)
                : make(Type.POINT, "new Point(#, #, #)", scope, depth, Type.INT, Type.LONG, Type.STRING);
    }
}
