package dev.heddle.traces;

import dev.heddle.Coroutine;
import dev.heddle.cpython.Events;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A program: a method that is not private and writes to the {@link Events} it is passed. A Python function has the same name. */
final class Program {

    private final Method method;

    private Program(Method method) {
        this.method = method;
        method.setAccessible(true); // the classes of programs live in the folders of their subjects
    }

    /** The programs of a class, by their names. */
    static Map<String, Program> of(Class<?> theme) {
        Map<String, Program> programs = new TreeMap<>();
        Arrays.stream(theme.getDeclaredMethods())
                .filter(method -> method.getReturnType() == Coroutine.class)
                .filter(method -> Arrays.equals(method.getParameterTypes(), new Class<?>[] {Events.class}))
                .filter(method -> !Modifier.isPrivate(method.getModifiers()) && !method.isSynthetic())
                .forEach(method -> programs.put(method.getName(), new Program(method)));
        return programs;
    }

    /** Runs the program. If it is a {@link Sweep}, runs it in each way in which it can be cancelled. */
    List<String> events() throws Exception {
        Sweep sweep = method.getAnnotation(Sweep.class);
        return sweep == null ? Trace.of(this::call, Map.of()).events() : swept(sweep.again());
    }

    @SuppressWarnings("unchecked")
    private Coroutine<Object> call(Events log) throws Exception {
        try {
            return (Coroutine<Object>) method.invoke(null, log);
        } catch (InvocationTargetException failure) {
            throw new AssertionError("calling an async method runs nothing", failure);
        }
    }

    /**
     * The events of runs that are cancelled in the first turn, in the second and so on up to the end. Consecutive runs
     * with the same events are shown once.
     */
    private List<String> swept(int again) throws Exception {
        List<String> events = new ArrayList<>();
        int first = 1;
        int turn = 1;
        Trace before = Trace.of(this::call, cancels(turn, again));
        while (before.cancelled()) {
            turn++;
            Trace now = Trace.of(this::call, cancels(turn, again));
            if (!now.equals(before)) {
                events.add("cancelled in turns " + first + " to " + (turn - 1) + ":");
                events.addAll(before.events());
                first = turn;
                before = now;
            }
        }
        events.add("not cancelled:");
        events.addAll(before.events());
        return events;
    }

    private static Map<Integer, String> cancels(int turn, int again) {
        return again == 0 ? Map.of(turn, "M") : Map.of(turn, "M", turn + again, "N");
    }
}
