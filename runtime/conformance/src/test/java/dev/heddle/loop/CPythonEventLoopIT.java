package dev.heddle.loop;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.Handle;
import dev.heddle.LogCapture;
import dev.heddle.Task;
import dev.heddle.TaskFactory;
import dev.heddle.TaskOptions;
import dev.heddle.TimerHandle;
import dev.heddle.cpython.Mirrors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The tests of {@code test_base_events} and {@code test_events} that need no sockets. */
class CPythonEventLoopIT {

    private final EventLoop loop = EventLoop.virtualTime();
    private final List<String> events = new ArrayList<>();
    private final List<Map<String, Object>> reports = new ArrayList<>();

    @AfterEach
    void close() {
        loop.close();
    }

    @Async
    private static Coroutine<Integer> after(double seconds, int value) {
        await(sleep(seconds));
        return Coroutine.of(value);
    }

    @Async
    private static Coroutine<Void> failing(Throwable failure) throws Exception {
        if (failure instanceof Error error) {
            throw error;
        }
        throw (Exception) failure;
    }

    // Running

    @Test
    @Mirrors({
        "test_events.EventLoopTestsMixin.test_run_until_complete_nesting",
        "test_base_events.RunningLoopTests.test_running_loop_within_a_loop"
    })
    void loopsDoNotNest() {
        loop.runUntilComplete(() -> {
            assertTrue(loop.isRunning());
            Future<Integer> inner = loop.createFuture();
            IllegalStateException same = assertThrows(IllegalStateException.class, () -> loop.runUntilComplete(inner));
            assertTrue(same.getMessage().contains("already running"), same.getMessage());
            try (EventLoop other = EventLoop.create()) {
                IllegalStateException second = assertThrows(IllegalStateException.class, other::runForever);
                assertTrue(second.getMessage().contains("while another loop is running"), second.getMessage());
            }
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors({
        "test_events.EventLoopTestsMixin.test_run_until_complete",
        "test_events.EventLoopTestsMixin.test_run_until_complete_stopped",
        "test_events.EventLoopTestsMixin.test_close_running_event_loop"
    })
    void runs() {
        loop.runUntilComplete(after(0.01, 1));
        assertEquals(0.01, loop.time(), 1e-6);
        Task<Integer> cut = loop.createTask(after(0.1, 1));
        loop.callSoon(loop::stop);
        assertThrows(IllegalStateException.class, () -> loop.runUntilComplete(cut));
        loop.runUntilComplete(() -> {
            assertThrows(IllegalStateException.class, loop::close);
            return Coroutine.done();
        });
        assertEquals(1, loop.runUntilComplete(cut));
    }

    @Test
    @Mirrors({
        "test_base_events.BaseEventLoopTests.test_close",
        "test_events.EventLoopTestsMixin.test_close",
        "test_selector_events.BaseSelectorEventLoopTests.test_close",
        "test_base_events.BaseEventLoopTests.test_create_task_error_closes_coro"
    })
    void closedLoopRefusesWork() {
        Future<Integer> future = loop.createFuture();
        assertFalse(loop.isClosed());
        loop.close();
        assertTrue(loop.isClosed());
        loop.close();
        for (Runnable each : List.<Runnable>of(
                loop::runForever,
                () -> loop.runUntilComplete(future),
                () -> loop.callSoon(() -> {}),
                () -> loop.callSoonThreadsafe(() -> {}),
                () -> loop.callLater(1, () -> {}),
                () -> loop.callAt(1, () -> {}),
                () -> loop.createTask(after(0, 1)),
                () -> loop.runInExecutor(null, () -> 1))) {
            IllegalStateException refusal = assertThrows(IllegalStateException.class, each::run);
            assertTrue(refusal.getMessage().contains("closed"), refusal.getMessage());
        }
    }

    @Test
    @Mirrors("test_base_events.BaseEventLoopTests.test_run_until_complete_loop")
    void futureOfAnotherLoopIsRefused() {
        try (EventLoop other = EventLoop.create()) {
            Future<Integer> foreign = other.createFuture();
            assertThrows(RuntimeException.class, () -> loop.runUntilComplete(foreign));
        }
    }

    @Test
    @Mirrors({
        "test_base_events.BaseEventLoopTests.test_run_until_complete_loop_orphan_future_close_loop",
        "test_base_events.BaseEventLoopTests.test_run_until_complete_baseexception"
    })
    void errorThatLeavesTheLoopStopsNoLaterRun() {
        InternalError stopper = new InternalError("test");
        loop.callSoon(() -> {
            throw stopper;
        });
        assertSame(stopper, assertThrows(InternalError.class, () -> loop.runUntilComplete(after(0.1, 1))));
        assertEquals(2, loop.runUntilComplete(after(0.2, 2)));
        assertSame(stopper, assertThrows(InternalError.class, () -> loop.runUntilComplete(failing(stopper))));
        loop.callSoon(() -> loop.callSoon(() -> {
            events.add("called");
            loop.stop();
        }));
        loop.runForever();
        assertEquals(List.of("called"), events);
    }

    @Test
    @Mirrors({
        "test_base_events.BaseEventLoopTests.test_run_forever_pre_stopped",
        "test_base_events.BaseEventLoopTests.test_single_selecter_event_callback_after_stopping"
    })
    void stoppedLoopRunsOneBatch() {
        loop.callSoon(() -> events.add("before"));
        loop.stop();
        loop.callSoon(() -> loop.callSoon(() -> events.add("later")));
        loop.runForever();
        assertEquals(List.of("before"), events);
        loop.stop();
        loop.runForever();
        assertEquals(List.of("before", "later"), events);
    }

    // Callbacks

    @Test
    @Mirrors({
        "test_base_events.BaseEventLoopTests.test_call_soon",
        "test_events.EventLoopTestsMixin.test_call_soon",
        "test_events.EventLoopTestsMixin.test_call_later",
        "test_base_events.BaseEventLoopTests.test_call_later",
        "test_base_events.BaseEventLoopTests.test_call_later_negative_delays",
        "test_base_events.BaseEventLoopTests.test_time_and_call_at",
        "test_events.HandleTests.test_handle",
        "test_events.TimerTests.test_when",
        "test_events.TimerTests.test_timer"
    })
    void callbacks() {
        loop.callLater(0.1, () -> events.add("later at " + Math.round(loop.time() * 10)));
        TimerHandle at = loop.callAt(loop.time() + 0.2, () -> {
            events.add("at");
            loop.stop();
        });
        assertEquals(0.2, at.when(), 1e-9);
        loop.callLater(-1, () -> events.add("negative"));
        Handle soon = loop.callSoon(() -> events.add("soon"));
        Handle dropped = loop.callSoon(() -> events.add("dropped"));
        assertFalse(dropped.isCancelled());
        dropped.cancel();
        assertTrue(dropped.isCancelled());
        TimerHandle timer = loop.callLater(0.1, () -> events.add("dropped"));
        timer.cancel();
        assertTrue(timer.isCancelled());
        loop.runForever();
        assertEquals(List.of("soon", "negative", "later at 1", "at"), events);
        assertFalse(soon.isCancelled());
    }

    @Test
    @Mirrors({
        "test_events.EventLoopTestsMixin.test_call_soon_threadsafe",
        "test_events.EventLoopTestsMixin.test_call_soon_threadsafe_same_thread"
    })
    void callbacksOfOtherThreads() {
        try (EventLoop real = EventLoop.create()) {
            Thread caller = new Thread(() -> {
                real.callSoonThreadsafe(() -> events.add("from outside"));
                real.callSoonThreadsafe(real::stop);
            });
            real.callSoonThreadsafe(() -> events.add("same thread"));
            real.callSoon(caller::start);
            real.runForever();
            assertEquals(List.of("same thread", "from outside"), events);
        }
    }

    @SuppressWarnings("heddle") // blocks on purpose
    @Test
    @Mirrors("test_base_events.BaseEventLoopTests.test_check_thread")
    void threadIsChecked() throws InterruptedException {
        Throwable[] failure = new Throwable[1];
        loop.setDebug(true);
        loop.runUntilComplete(() -> {
            Thread other = new Thread(
                    () -> failure[0] = assertThrows(IllegalStateException.class, () -> loop.callSoon(() -> {})));
            other.start();
            other.join();
            return Coroutine.done();
        });
        assertTrue(failure[0].getMessage().contains("callSoonThreadsafe"), failure[0].getMessage());
    }

    @Test
    @Mirrors("test_events.EventLoopTestsMixin.test_timeout_rounding")
    void tinySleepsEnd() {
        loop.runUntilComplete(() -> {
            for (double seconds : new double[] {1e-2, 1e-4, 1e-6, 1e-8, 1e-10}) {
                await(sleep(seconds));
            }
            return Coroutine.done();
        });
    }

    @Test
    @Mirrors({
        "test_base_events.BaseEventLoopTests.test_set_debug",
        "test_base_events.BaseEventLoopTests.test_create_task"
    })
    void modesAndTasks() {
        loop.setDebug(true);
        assertTrue(loop.getDebug());
        loop.setDebug(false);
        assertFalse(loop.getDebug());
        Task<Integer> task = loop.createTask(after(0, 3));
        assertSame(loop, task.loop());
        assertEquals(3, loop.runUntilComplete(task));
    }

    // Executors

    @Test
    @Mirrors({
        "test_events.EventLoopTestsMixin.test_run_in_executor",
        "test_events.EventLoopTestsMixin.test_run_in_executor_cancel",
        "test_base_events.BaseEventLoopTests.test_set_default_executor",
        "test_base_events.BaseEventLoopTests.test_shutdown_default_executor_timeout"
    })
    void executors() throws InterruptedException {
        try (LogCapture log = new LogCapture();
                EventLoop real = EventLoop.create()) {
            Thread own = Thread.currentThread();
            Thread other = real.runUntilComplete(real.runInExecutor(null, Thread::currentThread));
            assertNotSame(own, other);
            ExecutorService single = Executors.newSingleThreadExecutor(call -> new Thread(call, "single"));
            real.setDefaultExecutor(single);
            assertEquals(
                    "single",
                    real.runUntilComplete(real.runInExecutor(
                            null, () -> Thread.currentThread().getName())));
            CountDownLatch end = new CountDownLatch(1);
            Future<Void> blocked = real.runInExecutor(null, () -> {
                end.await();
                return null;
            });
            Future<Integer> waiting = real.runInExecutor(null, () -> 1);
            waiting.cancel();
            assertThrows(CancelledError.class, () -> real.runUntilComplete(waiting));
            real.runUntilComplete(real.shutdownDefaultExecutor(Duration.ofMillis(1)));
            assertTrue(
                    log.lines().toString().contains("did not end within"),
                    log.lines().toString());
            end.countDown();
            assertNull(real.runUntilComplete(blocked));
        }
    }

    // Failures

    private void collectReports() {
        loop.setExceptionHandler((reporting, context) -> {
            assertSame(loop, reporting);
            reports.add(context);
        });
    }

    private void runBriefly() {
        loop.callSoon(loop::stop);
        loop.runForever();
    }

    @Test
    @Mirrors({
        "test_base_events.BaseEventLoopTests.test_default_exc_handler_callback",
        "test_base_events.BaseEventLoopTests.test_default_exc_handler_coro",
        "test_base_events.BaseEventLoopTests.test_set_exc_handler_custom",
        "test_events.HandleTests.test_callback_with_exception"
    })
    void failuresOfCallbacks() {
        ArithmeticException failure = new ArithmeticException("test");
        try (LogCapture log = new LogCapture()) {
            loop.callSoon(() -> {
                throw failure;
            });
            loop.callLater(0.01, () -> {
                throw failure;
            });
            loop.runUntilComplete(after(1, 0));
            assertEquals(2, log.lines().size(), log.lines().toString());
            for (String line : log.lines()) {
                assertTrue(line.startsWith("SEVERE Exception in callback") && line.contains("test"), line);
            }
        }
        assertNull(loop.getExceptionHandler());
        collectReports();
        loop.callSoon(() -> {
            throw failure;
        });
        runBriefly();
        assertSame(failure, reports.get(0).get("exception"));
        assertTrue(String.valueOf(reports.get(0).get("message")).startsWith("Exception in callback"));
        assertTrue(reports.get(0).get("handle") instanceof Handle);
    }

    @Test
    @Mirrors({
        "test_base_events.BaseEventLoopTests.test_set_exc_handler_broken",
        "test_base_events.BaseEventLoopTests.test_default_exc_handler_broken"
    })
    void failingHandlerIsLogged() {
        try (LogCapture log = new LogCapture()) {
            loop.setExceptionHandler((reporting, context) -> {
                throw new AssertionError("of the handler");
            });
            loop.callSoon(() -> {
                throw new ArithmeticException("of the callback");
            });
            runBriefly();
            assertTrue(
                    log.lines().toString().contains("Unhandled error in exception handler"),
                    log.lines().toString());
        }
    }

    // Factories of tasks

    @Test
    @Mirrors({
        "test_base_events.BaseEventLoopTests.test_set_task_factory",
        "test_base_events.BaseEventLoopTests.test_create_named_task_with_default_factory",
        "test_base_events.BaseEventLoopTests.test_create_named_task_with_custom_factory"
    })
    void taskFactories() {
        Task<Integer> named = loop.createTask(after(0, 1), "test_task");
        assertEquals("test_task", named.name());
        assertNull(loop.getTaskFactory());
        TaskFactory factory = new TaskFactory() {
            @Override
            public <T> Task<T> newTask(EventLoop itsLoop, Coroutine<T> coroutine, TaskOptions options) {
                events.add(String.valueOf(options.name()));
                return Task.of(itsLoop, coroutine, options);
            }
        };
        loop.setTaskFactory(factory);
        assertSame(factory, loop.getTaskFactory());
        Task<Integer> second = loop.createTask(after(0, 1), "second");
        assertEquals("second", second.name());
        assertEquals(List.of("second"), events);
        loop.setTaskFactory(null);
        assertNull(loop.getTaskFactory());
        assertEquals(2, loop.runUntilComplete(named) + loop.runUntilComplete(second));
    }

    // The running loop, and the loop of a thread

    @Test
    @Mirrors(
            value = {
                "test_events.GetEventLoopTestsMixin.test_get_event_loop_returns_running_loop",
                "test_events.GetEventLoopTestsMixin.test_get_event_loop_returns_running_loop2",
                "test_events.PolicyTests.test_get_event_loop",
                "test_events.PolicyTests.test_set_event_loop",
                "test_events.PolicyTests.test_new_event_loop",
                "test_events.PolicyTests.test_get_event_loop_thread"
            },
            adapted = "without a policy; each thread makes its loop at the first call of getEventLoop")
    void loopOfTheThread() throws InterruptedException {
        assertThrows(IllegalStateException.class, Asyncio::getRunningLoop);
        loop.runUntilComplete(() -> {
            assertSame(loop, getRunningLoop());
            assertSame(loop, Asyncio.getEventLoop());
            return Coroutine.done();
        });
        assertThrows(IllegalStateException.class, Asyncio::getRunningLoop);
        Asyncio.setEventLoop(loop);
        try {
            assertSame(loop, Asyncio.getEventLoop());
            EventLoop[] others = new EventLoop[1];
            Thread other = new Thread(() -> others[0] = Asyncio.getEventLoop());
            other.start();
            other.join();
            assertNotSame(loop, others[0]);
            others[0].close();
        } finally {
            Asyncio.setEventLoop(null);
        }
        try (EventLoop made = Asyncio.newEventLoop()) {
            assertNotSame(loop, made);
        }
    }
}
