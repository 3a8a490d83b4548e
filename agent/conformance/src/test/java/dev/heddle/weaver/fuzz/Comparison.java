package dev.heddle.weaver.fuzz;

import dev.heddle.Coroutine;
import dev.heddle.internal.frames.Chain;
import dev.heddle.weaver.CompactWeaver;
import dev.heddle.weaver.Refusal;
import dev.heddle.weaver.SourceCompiler;
import dev.heddle.weaver.WeaveResult;
import dev.heddle.weaver.Weaver;
import dev.heddle.weaver.WovenClassVerifier;
import dev.heddle.woven.Frame;
import dev.heddle.woven.Suspension;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Runs the two versions of a program with the same inputs, and compares their events, results and failures. */
final class Comparison {

    private static final int INPUTS = 2;
    private static final int FAILURES = 3;

    private final Program program;
    private final Method plain;
    private final Method woven;
    private final SplittableRandom random;
    private int runs;

    /** A difference between the versions; {@code kind} says in which way it appeared. */
    record Difference(String kind, String text) {}

    private Comparison(Program program, Map<String, byte[]> classFiles) {
        this.program = program;
        this.random = new SplittableRandom(program.seed());
        // Every other program is woven as if its methods were too long.
        Function<byte[], WeaveResult> weaver = program.seed() % 2 == 0 ? Weaver::weave : CompactWeaver::weave;
        this.plain = start(new Loader(classFiles, null), program.className(false));
        this.woven = start(new Loader(classFiles, weaver), program.className(true));
    }

    /** The first difference, or null if there is none. */
    static @Nullable Difference of(Program program, Map<String, byte[]> classFiles) {
        try {
            return new Comparison(program, classFiles).compare();
        } catch (WeavingFailure | LinkageError failure) {
            if (failure instanceof VerifyError
                    && String.valueOf(failure.getMessage()).contains(" plain/")) {
                return null; // javac produced an invalid class, as it does for some patterns with operands below them
            }
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            return new Difference(
                    "not woven: " + cause.getClass().getName(), failure + "\n" + cause + "\n" + trace(cause));
        }
    }

    private @Nullable Difference compare() {
        for (int input = 0; input < INPUTS; input++) {
            Object[] arguments = {
                null,
                random.nextInt(-3, 6),
                random.nextLong(-9, 9),
                random.nextDouble(),
                pickText(),
                random.nextBoolean()
            };
            int awaits = 10;
            for (int failure = 0; failure < FAILURES; failure++) {
                int limit = awaits;
                Trace trace = new Trace(n -> false, failing(failure, limit));
                List<String> expected = run(plain, arguments, trace);
                awaits = Math.max(1, trace.awaits());
                Difference difference = compareWoven(arguments, expected, failing(failure, limit));
                if (difference != null) {
                    return difference;
                }
            }
        }
        return null;
    }

    private @Nullable Difference compareWoven(Object[] arguments, List<String> expected, IntPredicate fails) {
        long schedule = random.nextLong();
        List<IntPredicate> schedules =
                List.of(n -> false, n -> true, n -> n % 2 == 0, n -> n % 2 == 1, n -> (schedule >>> n & 1) == 0);
        List<String> names = List.of("none", "all", "even", "odd", "random");
        for (int i = 0; i < schedules.size(); i++) {
            List<String> actual = run(woven, arguments, new Trace(schedules.get(i), fails));
            if (!actual.equals(expected)) {
                String how = "awaits that suspend: " + names.get(i) + "; arguments: " + Arrays.toString(arguments);
                return new Difference("other outcome", how + "\n" + difference(expected, actual));
            }
        }
        return null;
    }

    private static String difference(List<String> expected, List<String> actual) {
        int same = 0;
        while (same < Math.min(expected.size(), actual.size())
                && expected.get(same).equals(actual.get(same))) {
            same++;
        }
        return "after " + expected.subList(Math.max(0, same - 5), same) + "\nplain goes on with "
                + expected.subList(same, Math.min(expected.size(), same + 5)) + "\nwoven goes on with "
                + actual.subList(same, Math.min(actual.size(), same + 5));
    }

    private String pickText() {
        return List.of("a", "bc", "", "text").get(random.nextInt(4));
    }

    /** The first way is no failure, then a single one, then one here and there. Deterministic for each program. */
    private IntPredicate failing(int way, int awaits) {
        if (way == 0) {
            return n -> false;
        }
        SplittableRandom chance = new SplittableRandom(program.seed() + runs / 2);
        runs++;
        int single = 1 + chance.nextInt(awaits);
        long mask = chance.nextLong() & chance.nextLong();
        return way == 1 ? n -> n == single : n -> (mask >>> n & 1) == 1;
    }

    private static List<String> run(Method method, Object[] arguments, Trace trace) {
        Object[] all = arguments.clone();
        all[0] = trace;
        String end;
        try {
            total(method).setInt(null, 0);
            end = "returned " + text(result(method, all));
        } catch (LinkageError broken) {
            throw broken;
        } catch (Throwable failure) {
            end = "threw " + Trace.describe(failure);
        }
        List<String> outcome = new ArrayList<>(trace.events());
        outcome.add(end);
        outcome.add("awaits " + trace.awaits());
        try {
            outcome.add("total " + total(method).getInt(null));
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
        return outcome;
    }

    private static Field total(Method method) {
        try {
            return method.getDeclaringClass().getField("total");
        } catch (NoSuchFieldException e) {
            throw new AssertionError(e);
        }
    }

    private static @Nullable Object result(Method method, Object[] arguments) throws Throwable {
        Object result;
        try {
            result = method.invoke(null, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        return method.getReturnType() == Coroutine.class ? toEnd((Coroutine<?>) result) : result;
    }

    private static @Nullable Object toEnd(Coroutine<?> coroutine) {
        Chain chain = new Chain();
        chain.enter();
        try {
            Object result = chain.start(coroutine);
            Frame<?> leaf = null;
            while (result == Suspension.SUSPENDED) {
                leaf = chain.innermostAfter(leaf);
                result = answer(chain, leaf, (Trace.Later<?>) Chain.awaited(leaf));
            }
            return result;
        } finally {
            chain.exit();
        }
    }

    private static Object answer(Chain chain, Frame<?> leaf, Trace.Later<?> later) {
        Object value;
        try {
            value = later.outcome();
        } catch (Throwable failure) {
            return chain.fail(leaf, failure);
        }
        return chain.resume(leaf, value);
    }

    private static String text(@Nullable Object value) {
        String text = Arrays.deepToString(new Object[] {value});
        return value == null ? text : value.getClass().getName() + " " + text;
    }

    private static Method start(ClassLoader loader, String className) {
        try {
            for (Method method : Class.forName(className, true, loader).getDeclaredMethods()) {
                if (method.getName().equals("start") && !method.isSynthetic()) {
                    method.setAccessible(true);
                    return method;
                }
            }
            throw new SourceCompiler.Rejected("no method to start in " + className);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static String trace(Throwable failure) {
        return Arrays.stream(failure.getStackTrace())
                .limit(8)
                .map(frame -> "  at " + frame + "\n")
                .reduce("", String::concat);
    }

    /** The weaver failed, refused, or produced an invalid class. */
    private static final class WeavingFailure extends RuntimeException {
        private static final long serialVersionUID = 1;

        WeavingFailure(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** Defines generated classes, woven or as they are. */
    private static final class Loader extends ClassLoader {
        private final Map<String, byte[]> classFiles;
        private final @Nullable Function<byte[], WeaveResult> weaver;

        Loader(Map<String, byte[]> classFiles, @Nullable Function<byte[], WeaveResult> weaver) {
            super(Comparison.class.getClassLoader());
            this.classFiles = classFiles;
            this.weaver = weaver;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] classFile = classFiles.get(name);
            if (classFile == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] defined = weaver == null ? classFile : weave(name, weaver, classFile);
            return defineClass(name, defined, 0, defined.length);
        }

        private static byte[] weave(String name, Function<byte[], WeaveResult> weaver, byte[] classFile) {
            try {
                WeaveResult result = weaver.apply(classFile);
                for (Refusal refusal : result.refusals()) {
                    // javac leaves the bodies of lambdas in dead code behind; should one run, the outcomes differ
                    if (!refusal.rule().contains("lambda")) {
                        throw new WeavingFailure(refusal.message(), null);
                    }
                }
                byte[] woven = result.classFile();
                if (woven == null) {
                    return classFile;
                }
                WovenClassVerifier.verify(name, woven);
                return woven;
            } catch (WeavingFailure refused) {
                throw refused;
            } catch (RuntimeException failure) {
                throw new WeavingFailure("cannot weave " + name, failure);
            }
        }
    }
}
