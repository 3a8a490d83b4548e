package dev.heddle.cpython;

import static dev.heddle.Asyncio.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.Awaitable;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.ExceptionGroup;
import dev.heddle.Future;
import dev.heddle.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The events of a program, in order. A test that uses this expects the output of CPython for the function in
 * {@code src/test/python} that has the name of the test.
 */
public final class Events {

    private final List<String> events = new ArrayList<>();
    private final EventLoop loop;
    private final IntSupplier turns;

    private Events(EventLoop loop) {
        this(loop, () -> 0);
    }

    /** Creates an empty list of events of {@code loop}. {@code turns} returns the number of the present turn. */
    public Events(EventLoop loop, IntSupplier turns) {
        this.loop = loop;
        this.turns = turns;
    }

    /**
     * Runs a program in virtual time. Reports to the exception handler are events, too. If there is a CPython, its function with the name of
     * the calling test has to have the same events.
     */
    public static void check(String expected, AsyncFunction<Events, Void> program) {
        try (EventLoop loop = EventLoop.virtualTime()) {
            Events events = new Events(loop);
            loop.setExceptionHandler((l, context) -> events.add("reported " + shown(context.get("exception"))));
            loop.runUntilComplete(events.call(program));
            assertEquals(expected, events.toString());
            String test = StackWalker.getInstance()
                    .walk(frames -> frames.skip(1).findFirst().orElseThrow())
                    .getMethodName();
            CPythonEvents.of(test).ifPresent(printed -> assertEquals(expected, printed, "in CPython"));
        } catch (Exception failure) {
            throw new AssertionError("the program failed", failure);
        }
    }

    @Async
    private Coroutine<Void> call(AsyncFunction<Events, Void> program) throws Exception {
        return program.apply(this);
    }

    public void add(Object event) {
        events.add(shown(event));
    }

    /** Adds an event with the time. */
    public void at(Object event) {
        double now = loop.time();
        events.add(shown(event) + "@" + (now == Math.rint(now) ? Long.toString((long) now) : Double.toString(now)));
    }

    /** Adds an event with the number of the loop's turn. */
    public void turn(Object event) {
        events.add(shown(event) + " in turn " + turns.getAsInt());
    }

    public List<String> all() {
        return List.copyOf(events);
    }

    /** Returns the result or the failure of {@code awaitable} as an event. */
    @Async
    public static Coroutine<String> attempt(Awaitable<?> awaitable) {
        try {
            return Coroutine.of(shown(await(awaitable)));
        } catch (Throwable failure) {
            return Coroutine.of(shown(failure));
        }
    }

    /** Returns the result of a plain call, or its failure with the message, as an event. */
    public static String call(Callable<?> function) {
        try {
            return shown(function.call());
        } catch (Throwable failure) {
            return message(failure);
        }
    }

    /** Returns a failure as text, with the first sentence of its message if that is part of the contract. */
    public static String message(Throwable failure) {
        String message = Objects.requireNonNullElse(failure.getMessage(), "").replaceFirst("[.:;]( .*)?$", "");
        return failure.getClass().getSimpleName() + ": " + message;
    }

    /** Describes the outcome of {@code future}, without throwing. */
    public static String outcome(Future<?> future) {
        try {
            return shown(future.result());
        } catch (Throwable failure) {
            return shown(failure);
        }
    }

    public static String state(Future<?> future) {
        String state = !future.isDone() ? "pending" : future.isCancelled() ? "cancelled" : "done";
        return state + (future instanceof Task<?> task ? " " + task.cancelling() : "");
    }

    /** Returns a value as an event. The message of a failure is included only if it comes from the program. */
    public static String shown(@Nullable Object value) {
        if (value instanceof ExceptionGroup group) {
            String message = String.valueOf(group.getMessage()).replaceFirst(" \\([0-9]+ sub-exceptions?\\).*", "");
            return "ExceptionGroup: " + message + " " + shown(group.exceptions());
        }
        if (value instanceof Throwable failure) {
            boolean own = failure instanceof CancelledError || failure.getClass() == IllegalArgumentException.class;
            String message = own && failure.getMessage() != null ? ": " + failure.getMessage() : "";
            return failure.getClass().getSimpleName() + message;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Events::shown).collect(Collectors.joining(" ", "[", "]"));
        }
        if (value instanceof Boolean bool) {
            return bool ? "True" : "False";
        }
        return value == null ? "None" : value.toString();
    }

    @Override
    public String toString() {
        return String.join(", ", events);
    }
}
