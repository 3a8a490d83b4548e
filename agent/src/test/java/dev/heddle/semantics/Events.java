package dev.heddle.semantics;

import static dev.heddle.Asyncio.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.Awaitable;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What happens in a program, in order. The expectations of the tests that use this are what CPython printed for the
 * function with the name of the test in {@code src/test/python}.
 */
final class Events {

    private final List<String> events = new ArrayList<>();
    private final EventLoop loop;

    private Events(EventLoop loop) {
        this.loop = loop;
    }

    /** Runs a program in virtual time. What comes to the exception handler is an event as well. */
    static void check(String expected, AsyncFunction<Events, Void> program) {
        try (EventLoop loop = EventLoop.virtualTime()) {
            Events events = new Events(loop);
            loop.setExceptionHandler((l, context) -> events.add("reported " + shown(context.get("exception"))));
            loop.runUntilComplete(events.call(program));
            assertEquals(expected, events.toString());
        } catch (Exception failure) {
            throw new AssertionError("the program failed", failure);
        }
    }

    @Async
    private Coroutine<Void> call(AsyncFunction<Events, Void> program) throws Exception {
        return program.apply(this);
    }

    void add(Object event) {
        events.add(shown(event));
    }

    /** Adds an event with the time. */
    void at(Object event) {
        double now = loop.time();
        events.add(shown(event) + "@" + (now == Math.rint(now) ? Long.toString((long) now) : Double.toString(now)));
    }

    /** What {@code awaitable} gives or throws. */
    @Async
    static Coroutine<String> attempt(Awaitable<?> awaitable) {
        try {
            return Coroutine.of(shown(await(awaitable)));
        } catch (Throwable failure) {
            return Coroutine.of(shown(failure));
        }
    }

    /** How {@code future} has ended, without throwing. */
    static String outcome(Future<?> future) {
        try {
            return shown(future.result());
        } catch (Throwable failure) {
            return shown(failure);
        }
    }

    static String state(Future<?> future) {
        String state = !future.isDone() ? "pending" : future.isCancelled() ? "cancelled" : "done";
        return state + (future instanceof Task<?> task ? " " + task.cancelling() : "");
    }

    /** A value as an event. Of a failure the message is given only where it comes from the program. */
    static String shown(@Nullable Object value) {
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
