package dev.heddle.cpython;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs the body of a test in a loop of its own, in virtual time. */
public final class Loops {

    private Loops() {}

    /** Runs {@code body}. The exception handler must not be called. */
    public static void run(AsyncSupplier<Void> body) throws Exception {
        List<Map<String, Object>> reports = new ArrayList<>();
        try (EventLoop loop = EventLoop.virtualTime()) {
            loop.setExceptionHandler((l, context) -> reports.add(context));
            loop.runUntilComplete(call(body));
        }
        if (!reports.isEmpty()) {
            throw new AssertionError("reported to the exception handler: " + reports);
        }
    }

    @Async
    private static <T> Coroutine<T> call(AsyncSupplier<T> body) throws Exception {
        return Coroutine.of(await(body.get()));
    }
}
