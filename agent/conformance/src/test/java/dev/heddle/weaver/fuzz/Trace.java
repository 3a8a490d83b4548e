package dev.heddle.weaver.fuzz;

import dev.heddle.Coroutine;
import dev.heddle.woven.Suspension;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * The environment of a generated program. It records the events of the program, and decides for each await, counted from 1,
 * whether it suspends and how it fails. The plain and the woven version run with equal traces.
 */
public final class Trace {

    /** Bounds recursion too, so far that no way of running a program overflows the stack. */
    private static final int FUEL = 120;

    private static final int LONGEST_TEXT = 40;
    private static final int MOST_EVENTS = 5_000;

    private final IntPredicate suspends;
    private final IntPredicate fails;
    private final List<String> events = new ArrayList<>();
    private int awaits;
    private int fuel = FUEL;

    Trace(IntPredicate suspends, IntPredicate fails) {
        this.suspends = suspends;
        this.fails = fails;
    }

    // For generated programs

    /** Returns an awaitable whose result is {@code value}. */
    public <T> Coroutine<T> later(T value) {
        return new Later<>(this, value);
    }

    /** Does in plain Java what awaiting {@link #later} does. */
    public <T> T now(T value) {
        int number = next();
        if (fails.test(number)) {
            throw failure(number);
        }
        return value;
    }

    /** Records {@code event}. */
    public void note(Object event) {
        if (events.size() < MOST_EVENTS) {
            events.add(String.valueOf(event));
        }
    }

    /** Records {@code event} and {@code value}, and returns {@code value}, to show the order of evaluation. */
    public <T> T say(String event, T value) {
        note(event + (value != null && value.getClass().isArray() ? "" : "=" + value));
        return value;
    }

    /** Records {@code failure}, without the parts of its message that depend on the code around it. */
    public void caught(Throwable failure) {
        note("caught " + describe(failure));
    }

    /** Returns false when the program has run for long enough and should end. */
    public boolean fuel() {
        return fuel > 0 && --fuel > 0;
    }

    /** Begins a method; throws when the program has run for long enough. */
    public void enter(String method) {
        note(method);
        if (!fuel()) {
            throw new Exhausted();
        }
    }

    /** Keeps texts from growing without end. */
    public String cut(String text) {
        return text != null && text.length() > LONGEST_TEXT ? text.substring(text.length() - LONGEST_TEXT) : text;
    }

    /** One argument of every kind. */
    public static String mix(
            int i, long l, float f, double d, String t, byte b, Object o, char c, boolean z, short h, int[] a) {
        return i + " " + l + " " + f + " " + d + " " + t + b + show(o) + c + z + h + a.length;
    }

    /** Any number of arguments. */
    public static int[] ints(int... values) {
        return values;
    }

    /** {@code value} as text, the same in every run. */
    public static String show(Object value) {
        return value != null && value.getClass().isArray() ? "array" : String.valueOf(value);
    }

    public record Point(int x, long y, String name) {}

    public record Line(Point from, Point to) {}

    /** Fails for some contents. */
    public static final class Box<T> {
        private final T content;
        private final long weight;

        public Box(T content, long weight) {
            if (weight == 3) {
                throw new IllegalArgumentException("heavy");
            }
            this.content = content;
            this.weight = weight;
        }

        public T content() {
            return content;
        }

        @Override
        public String toString() {
            return "Box" + content + weight;
        }
    }

    public enum Color {
        RED,
        GREEN,
        BLUE
    }

    /** Something for try-with-resources. */
    public record Resource(Trace trace, String name, boolean fails) implements AutoCloseable {
        @Override
        public void close() {
            trace.note("close " + name);
            if (fails) {
                throw new IllegalStateException("close");
            }
        }
    }

    public interface PlainFunction<A, T> {
        T apply(A argument);
    }

    public interface LaterFunction<A, T> {
        Coroutine<T> apply(A argument);
    }

    /** The exception that generated programs throw. */
    public static final class Thrown extends RuntimeException {
        private static final long serialVersionUID = 1;

        public Thrown(String message) {
            super(message);
        }
    }

    static final class Exhausted extends Error {
        private static final long serialVersionUID = 1;
    }

    // For the runner

    List<String> events() {
        return events;
    }

    int awaits() {
        return awaits;
    }

    /** The class and message of {@code failure}; the class alone where the VM words the message from the code. */
    static String describe(Throwable failure) {
        boolean worded = failure instanceof NullPointerException || failure instanceof ClassCastException;
        String message = worded ? "" : ": " + failure.getMessage();
        StringBuilder text = new StringBuilder(failure.getClass().getName() + message);
        for (Throwable suppressed : failure.getSuppressed()) {
            text.append(" suppressed ").append(describe(suppressed));
        }
        return text.toString();
    }

    private int next() {
        awaits++;
        if (!fuel()) {
            throw new Exhausted();
        }
        return awaits;
    }

    private static RuntimeException failure(int number) {
        String message = "await " + number;
        return switch (number % 4) {
            case 0 -> raise(new IOException(message));
            case 1 -> raise(new AssertionError(message));
            case 2 -> new IllegalStateException(message);
            default -> new Thrown(message);
        };
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T raise(Throwable failure) throws T {
        throw (T) failure;
    }

    /** A coroutine that finishes or fails at once, or suspends first. */
    static final class Later<T> extends Coroutine<T> {
        private final Trace trace;
        private final T value;
        private int number;

        Later(Trace trace, T value) {
            this.trace = trace;
            this.value = value;
        }

        @Override
        protected Object begin() {
            number = trace.next();
            return trace.suspends.test(number) ? Suspension.SUSPENDED : outcome();
        }

        @Override
        protected boolean discard() {
            return false;
        }

        Object outcome() {
            if (trace.fails.test(number)) {
                throw failure(number);
            }
            return value;
        }
    }
}
