package dev.heddle.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Coroutine;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Runs every static method {@code Coroutine name(Script)} of a class in all ways: as plain Java, woven with all awaits
 * complete, all suspending, every other one suspending, and with each await in turn failing. Its events, and the
 * value that it returns or throws, are the same as in plain Java every time.
 */
public final class Shapes {

    /** The package of the target classes, as a prefix. */
    public static final String PACKAGE = "dev.heddle.weaver.shapes.";

    /** The simple names of the target classes. */
    public static final List<String> CLASSES = List.of(
            "BasicShapes",
            "OperandStackShapes",
            "ConstructionShapes",
            "PrimitiveShapes",
            "LocalShapes",
            "ExceptionShapes",
            "FinallyShapes",
            "ResourceShapes",
            "ControlFlowShapes",
            "SwitchShapes",
            "SwitchOperandShapes",
            "LambdaShapes",
            "MethodShapes",
            "NestingShapes",
            "SizeShapes",
            "GeneratedCodeShapes");

    private static final int MOST_AWAITS = 60;

    private Shapes() {}

    /** The shapes of {@code target}, woven as usual and once more with compact bodies. */
    public static Stream<DynamicTest> of(String target, Map<String, byte[]> sources) {
        return of(target, target, sources);
    }

    /** As above, where all classes whose names start with {@code prefix} are woven. */
    public static Stream<DynamicTest> of(String target, String prefix, Map<String, byte[]> sources) {
        return Stream.concat(
                of(target, prefix, sources, TargetLoader::weave),
                of(target, prefix, sources, TargetLoader::weaveCompactly));
    }

    public static Stream<DynamicTest> of(String target, Map<String, byte[]> sources, UnaryOperator<byte[]> weaver) {
        return of(target, target, sources, weaver);
    }

    private static Stream<DynamicTest> of(
            String target, String prefix, Map<String, byte[]> sources, UnaryOperator<byte[]> weaver) {
        ClassLoader plain = new TargetLoader(prefix, sources, TargetLoader::plain);
        ClassLoader woven = new TargetLoader(prefix, sources, weaver);
        try {
            return Stream.of(Class.forName(target, true, plain).getDeclaredMethods())
                    .filter(Shapes::isShape)
                    .map(Method::getName)
                    .sorted()
                    .map(name -> DynamicTest.dynamicTest(name, () -> check(name, target, plain, woven)));
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    /** Whether {@code method} is run by {@link #of}. */
    public static boolean isShape(Method method) {
        return Modifier.isStatic(method.getModifiers())
                && !method.isSynthetic()
                && method.getReturnType() == Coroutine.class
                && List.of(method.getParameterTypes()).equals(List.of(Script.class));
    }

    private static void check(String name, String target, ClassLoader plain, ClassLoader woven) throws Exception {
        Method expected = Class.forName(target, true, plain).getDeclaredMethod(name, Script.class);
        Method actual = Class.forName(target, true, woven).getDeclaredMethod(name, Script.class);
        expected.setAccessible(true);
        actual.setAccessible(true);
        int awaits = compare(expected, actual, n -> false, "without failure");
        for (int failing = 1; failing <= Math.min(awaits, MOST_AWAITS); failing++) {
            int k = failing;
            compare(expected, actual, n -> n == k, "await " + k + " fails");
        }
    }

    private static int compare(Method expected, Method actual, IntPredicate fails, String how) {
        Script reference = new Script(n -> false, fails);
        List<String> oracle = run(reference, () -> plainResult(expected, reference));
        compare(oracle, actual, new Script(n -> false, fails), how + ", nothing suspends");
        compare(oracle, actual, new Script(n -> true, fails), how + ", everything suspends");
        compare(oracle, actual, new Script(n -> n % 2 == 0, fails), how + ", even awaits suspend");
        compare(oracle, actual, new Script(n -> n % 2 == 1, fails), how + ", odd awaits suspend");
        return reference.awaits();
    }

    private static void compare(List<String> oracle, Method actual, Script script, String how) {
        assertEquals(oracle, outcome(actual, script), how);
    }

    /** Returns the events of the woven method {@code static Coroutine name(Script)} of {@code target}, and its result or failure. */
    public static List<String> outcome(Class<?> target, String name, Script script) {
        try {
            Method method = target.getDeclaredMethod(name, Script.class);
            method.setAccessible(true);
            return outcome(method, script);
        } catch (NoSuchMethodException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> outcome(Method woven, Script script) {
        return run(script, () -> Drive.toEnd((Coroutine<?>) invoke(woven, script)));
    }

    private static Object plainResult(Method method, Script script) throws Throwable {
        return Drive.plain((Coroutine<?>) invoke(method, script));
    }

    private static Object invoke(Method method, Script script) throws Throwable {
        try {
            return method.invoke(null, script);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private interface Run {
        Object run() throws Throwable;
    }

    private static List<String> run(Script script, Run run) {
        List<String> outcome = new ArrayList<>();
        try {
            Object result = run.run();
            outcome.add("returned " + result);
        } catch (Throwable failure) {
            if (failure instanceof LinkageError || failure instanceof AssertionError) {
                throw (Error) failure;
            }
            outcome.add("threw " + failure.getClass().getName() + ": " + failure.getMessage());
        }
        outcome.addAll(0, script.events());
        return outcome;
    }
}
