package dev.heddle.weaver.fuzz;

import dev.heddle.weaver.fuzz.Context.Place;
import dev.heddle.weaver.fuzz.Context.Signature;
import java.util.ArrayList;
import java.util.List;

/**
 * A generated class {@code P} with a few methods. The first to be called is {@code start}.
 *
 * @param seed the same seed produces the same program on the same version of Java
 * @param members its methods, some of them in classes of their own
 */
record Program(long seed, Node members) {

    private static final List<Type> ENTRY = List.of(Type.INT, Type.LONG, Type.DOUBLE, Type.STRING, Type.BOOLEAN);

    private static final String HEADER = """
            import static dev.heddle.weaver.fuzz.Trace.ints;
            import static dev.heddle.weaver.fuzz.Trace.mix;
            import static dev.heddle.weaver.fuzz.Trace.show;
            import dev.heddle.Async;
            import dev.heddle.Coroutine;
            import dev.heddle.weaver.fuzz.Trace;
            import dev.heddle.weaver.fuzz.Trace.*;
            import java.util.Arrays;
            import java.util.function.Supplier;
            public class P {
            public static int total;
            private int count;
            P(int count) {
            this.count = count;
            }
            """;

    static Program of(long seed) {
        return of(seed, new Context(seed));
    }

    /** A program some of whose methods are refused: they lack {@code @Async}, or await inside a {@code synchronized} block. */
    static Program withRefusals(long seed) {
        Context context = new Context(seed);
        context.refusals = true;
        return of(seed, context);
    }

    private static Program of(long seed, Context context) {
        context.methods.add(new Signature("start", Place.STATIC, ENTRY, context.pick(Type.ALL)));
        for (int more = context.below(4); more > 0; more--) {
            context.methods.add(signature(context));
        }
        List<Node> members = new ArrayList<>();
        for (int i = 0; i < context.methods.size(); i++) {
            context.firstCallable = context.oneIn(10) ? 0 : i + 1;
            context.budget = 10 + context.below(60);
            members.add(method(context.methods.get(i), context, false));
        }
        return new Program(seed, Node.block(members));
    }

    /**
     * A class whose first method has about {@code budget} expressions, for which it needs many variables, operands, loops and
     * handlers; the others are small.
     */
    static Program large(long seed, int budget) {
        Context context = new Context(seed);
        context.methods.add(new Signature("start", Place.STATIC, ENTRY, context.pick(Type.ALL)));
        context.methods.add(signature(context));
        context.methods.add(signature(context));
        List<Node> members = new ArrayList<>();
        for (int i = 0; i < context.methods.size(); i++) {
            context.firstCallable = i + 1;
            context.budget = i == 0 ? budget : 20;
            members.add(method(context.methods.get(i), context, i == 0));
        }
        return new Program(seed, Node.block(members));
    }

    private static Signature signature(Context context) {
        List<Type> parameters = new ArrayList<>();
        for (int count = context.below(5); count > 0; count--) {
            parameters.add(context.pick(Type.ALL));
        }
        Place place = context.pick(
                List.of(Place.STATIC, Place.STATIC, Place.INSTANCE, Place.PRIVATE, Place.RECORD, Place.INTERFACE));
        Type result = context.pick(Type.ALL);
        if (context.oneIn(3)) {
            result = Type.VARIABLE;
            parameters.add(context.below(parameters.size() + 1), Type.VARIABLE);
            parameters.add(context.below(parameters.size() + 1), Type.VARIABLE);
        }
        return new Signature(context.name("m"), place, parameters, result);
    }

    private static Node method(Signature method, Context context, boolean isLarge) {
        Place place = method.place();
        Scope scope = Scope.method(method.result(), place == Place.INSTANCE || place == Place.PRIVATE);
        StringBuilder parameters = new StringBuilder("Trace s");
        for (Type type : method.parameters()) {
            String name = context.name("a");
            boolean constant = type == Type.VARIABLE || context.oneIn(3);
            parameters.append(", " + (constant ? "final " : "") + type.text + " " + name);
            if (constant) {
                scope.declareConstant(name, type);
            } else {
                scope.declare(name, type);
            }
        }
        String before = "";
        String after = "";
        if (place == Place.RECORD) {
            scope.declareConstant("ra", Type.INT);
            scope.declareConstant("rb", Type.DOUBLE);
            before = "record R" + method.name() + "(int ra, double rb) {\n";
            after = "\n}";
        } else if (place == Place.INTERFACE) {
            before = "interface I" + method.name() + " {\n";
            after = "\n}";
        }
        boolean generic = method.result() == Type.VARIABLE;
        String modifiers = modifiers(place) + (generic ? "<T> " : "");
        String rest = " " + method.name() + "(" + parameters + ") {\ns.enter(\"" + method.name() + "\");\n#\n}" + after;
        Statements statements = new Statements(context);
        int depth = 1 + context.below(3);
        Node body = isLarge ? statements.largeBody(scope, depth) : statements.body(scope, depth, 6);
        return Node.twinStatement(
                before + (context.refusals && context.oneIn(3) ? "" : "@Async ") + modifiers + "Coroutine<"
                        + method.result().boxed + ">" + rest,
                before + modifiers + method.result().boxed + rest,
                body);
    }

    private static String modifiers(Place place) {
        return switch (place) {
            case STATIC -> "static ";
            case PRIVATE -> "private ";
            case INTERFACE -> "default ";
            case INSTANCE, RECORD -> "";
        };
    }

    Program with(Node newMembers) {
        return new Program(seed, newMembers);
    }

    /** The name of the class, one for each seed. */
    String className(boolean asWoven) {
        return (asWoven ? "woven.p" : "plain.p") + Long.toHexString(seed) + ".P";
    }

    String source(boolean asWoven) {
        String name = className(asWoven);
        return "package " + name.substring(0, name.length() - 2) + ";\n"
                + (asWoven ? "import static dev.heddle.Asyncio.await;\n" : "")
                + HEADER
                + members.render(asWoven)
                + "}\n";
    }
}
