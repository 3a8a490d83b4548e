package dev.heddle.tasks;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.taskGroup;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.AsyncSupplier;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.ExceptionGroup;
import dev.heddle.Task;
import dev.heddle.TaskGroup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tasks of lambdas, which need no method of their own. */
class CreateTaskIT {

    /** The ways to make a task of a body. */
    enum Way {
        ASYNCIO {
            @Override
            <T> Task<T> create(TaskGroup group, AsyncSupplier<T> body, @Nullable String name) {
                return name == null ? createTask(body) : createTask(body, name);
            }
        },
        LOOP {
            @Override
            <T> Task<T> create(TaskGroup group, AsyncSupplier<T> body, @Nullable String name) {
                EventLoop loop = getRunningLoop();
                return name == null ? loop.createTask(body) : loop.createTask(body, name);
            }
        },
        GROUP {
            @Override
            <T> Task<T> create(TaskGroup group, AsyncSupplier<T> body, @Nullable String name) {
                return name == null ? group.createTask(body) : group.createTask(body, name);
            }
        };

        abstract <T> Task<T> create(TaskGroup group, AsyncSupplier<T> body, @Nullable String name);
    }

    private final List<String> events = new ArrayList<>();

    @ParameterizedTest
    @EnumSource
    void bodyBeginsInTheNextTurn(Way way) {
        run(() -> taskGroup(group -> {
            Task<Integer> task = way.create(
                    group,
                    () -> {
                        events.add("begins");
                        await(sleep(0));
                        return Coroutine.of(7);
                    },
                    null);
            events.add("made");
            events.add("result " + await(task));
            return Coroutine.done();
        }));
        assertEquals(List.of("made", "begins", "result 7"), events);
    }

    @ParameterizedTest
    @EnumSource
    void taskHasTheName(Way way) {
        run(() -> taskGroup(group -> {
            Task<Void> task = way.create(group, Coroutine::done, "a task");
            events.add(task.name());
            await(task);
            return Coroutine.done();
        }));
        assertEquals(List.of("a task"), events);
    }

    /** A failure of the body is the task's; one of a supplier that is no coroutine, which is called at once, is the caller's. */
    @ParameterizedTest
    @EnumSource
    void failuresAreThrownAsTheyAre(Way way) {
        AsyncSupplier<Void> coroutine = () -> {
            await(sleep(0));
            throw new IOException("of the task");
        };
        AsyncSupplier<Void> broken = new AsyncSupplier<>() {
            @Override
            public Coroutine<Void> get() throws IOException {
                throw new IOException("of the caller");
            }
        };
        run(() -> {
            try {
                await(taskGroup(group -> {
                    try {
                        way.create(group, broken, null);
                    } catch (Exception failure) {
                        events.add(failure.getMessage());
                    }
                    await(way.create(group, coroutine, null));
                    return Coroutine.done();
                }));
            } catch (Exception failure) {
                Throwable own = failure.getSuppressed().length > 0 ? failure.getSuppressed()[0] : failure;
                events.add(
                        own instanceof ExceptionGroup all
                                ? all.exceptions().get(0).getMessage()
                                : own.getMessage());
            }
            return Coroutine.done();
        });
        assertEquals(List.of("of the caller", "of the task"), events);
    }

    @Test
    void closedLoopTakesNone() {
        EventLoop loop = EventLoop.create();
        loop.close();
        assertThrows(IllegalStateException.class, () -> loop.createTask(() -> Coroutine.of(1)));
        assertThrows(IllegalStateException.class, () -> createTask(() -> Coroutine.of(1)));
    }
}
