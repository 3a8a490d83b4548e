package dev.heddle.awaits;

import static dev.heddle.Asyncio.asCompleted;
import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.ensureFuture;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.shield;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Awaitable;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.Task;
import dev.heddle.ToCoroutine;
import dev.heddle.sync.Event;
import dev.heddle.sync.Lock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Objects of the program that can be awaited. In each way to await something they do the same as the coroutine that they stand for. */
class ToCoroutineIT {

    /** What a coroutine does before it ends. */
    enum Body {
        ENDS_AT_ONCE {
            @Override
            @Async
            Coroutine<String> run(ToCoroutineIT test) {
                return Coroutine.of("result");
            }
        },
        SLEEPS {
            @Override
            @Async
            Coroutine<String> run(ToCoroutineIT test) {
                await(sleep(1));
                return Coroutine.of("result");
            }
        },
        AWAITS_FUTURES {
            @Override
            @Async
            Coroutine<String> run(ToCoroutineIT test) {
                String result = "";
                for (String part : List.of("re", "sult")) {
                    Future<String> future = getRunningLoop().createFuture();
                    getRunningLoop().callSoon(() -> future.setResult(part));
                    result += await(future);
                }
                return Coroutine.of(result);
            }
        },
        WAITS_FOR_LOCK {
            @Override
            @Async
            Coroutine<String> run(ToCoroutineIT test) {
                getRunningLoop().callLater(1, test.lock::release);
                await(test.lock.acquire());
                return Coroutine.of("result");
            }
        },
        STANDS_FOR_LOCK {
            @Override
            @Async
            Coroutine<String> run(ToCoroutineIT test) {
                getRunningLoop().callLater(1, test.lock::release);
                ToCoroutine<Lock.Held> acquired = test.lock::acquire;
                await(acquired);
                return Coroutine.of("result");
            }
        },
        STANDS_FOR_EVENT {
            @Override
            @Async
            Coroutine<String> run(ToCoroutineIT test) {
                Event event = new Event();
                getRunningLoop().callSoon(event::set);
                ToCoroutine<Boolean> set = event::waitSet;
                return Coroutine.of(await(set) ? "result" : "wrong");
            }
        },
        NESTS {
            @Override
            @Async
            Coroutine<String> run(ToCoroutineIT test) {
                ToCoroutine<String> inner = () -> test.made(SLEEPS);
                ToCoroutine<String> outer = () -> passing(inner);
                return Coroutine.of(await(outer));
            }
        },
        FAILS_AT_ONCE {
            @Override
            @Async
            Coroutine<String> run(ToCoroutineIT test) throws IOException {
                throw new IOException("failure");
            }
        },
        FAILS_LATER {
            @Override
            @Async
            Coroutine<String> run(ToCoroutineIT test) throws IOException {
                await(sleep(1));
                throw new IOException("failure");
            }
        },
        IS_CANCELLED {
            @Override
            @Async
            Coroutine<String> run(ToCoroutineIT test) {
                Task<?> task = Asyncio.currentTask();
                getRunningLoop().callSoon(task::cancel);
                try {
                    await(sleep(1));
                } catch (CancelledError error) {
                    test.events.add("cancelled");
                    throw error;
                }
                return Coroutine.of("wrong");
            }
        };

        abstract Coroutine<String> run(ToCoroutineIT test) throws Exception;
    }

    /** A way to await something. */
    enum Way {
        AWAIT {
            @Override
            @Async
            Coroutine<Object> await(Awaitable<String> x) {
                return Coroutine.of(Asyncio.await(x));
            }
        },
        AWAIT_BETWEEN_OPERANDS {
            @Override
            @Async
            Coroutine<Object> await(Awaitable<String> x) {
                long number = 3;
                return Coroutine.of(List.of(number, Asyncio.await(x), Asyncio.await(sleep(1, "slept"))));
            }
        },
        GATHER {
            @Override
            @Async
            Coroutine<Object> await(Awaitable<String> x) {
                return Coroutine.of(Asyncio.await(gather(x, sleep(0, "slept"), x)));
            }
        },
        WAIT_FOR {
            @Override
            @Async
            Coroutine<Object> await(Awaitable<String> x) {
                return Coroutine.of(Asyncio.await(waitFor(x, Duration.ofSeconds(9))));
            }
        },
        WAIT_FOR_ZERO {
            @Override
            @Async
            Coroutine<Object> await(Awaitable<String> x) {
                return Coroutine.of(Asyncio.await(waitFor(x, Duration.ZERO)));
            }
        },
        SHIELD {
            @Override
            @Async
            Coroutine<Object> await(Awaitable<String> x) {
                return Coroutine.of(Asyncio.await(shield(x)));
            }
        },
        ENSURE_FUTURE {
            @Override
            @Async
            Coroutine<Object> await(Awaitable<String> x) {
                return Coroutine.of(Asyncio.await(ensureFuture(x)));
            }
        },
        AS_COMPLETED {
            @Override
            @Async
            Coroutine<Object> await(Awaitable<String> x) {
                List<Object> results = new ArrayList<>();
                for (Coroutine<String> next : asCompleted(List.of(x, sleep(5, "slept")))) {
                    results.add(Asyncio.await(next));
                }
                return Coroutine.of(results);
            }
        };

        abstract Coroutine<Object> await(Awaitable<String> x);
    }

    private final List<String> events = new ArrayList<>();
    private final Lock lock = new Lock();

    @Async
    private static <T> Coroutine<T> passing(Awaitable<T> awaitable) {
        return Coroutine.of(await(awaitable));
    }

    static Stream<Arguments> cases() {
        return Arrays.stream(Body.values())
                .flatMap(body -> Arrays.stream(Way.values()).map(way -> Arguments.of(body, way)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void doTheSameAsTheirCoroutines(Body body, Way way) {
        List<String> ofCoroutine = new ToCoroutineIT().eventsOf(body, way, false);
        List<String> ofObject = new ToCoroutineIT().eventsOf(body, way, true);
        assertEquals(ofCoroutine, ofObject);
    }

    /** Returns what happens, and in virtual time when. */
    private List<String> eventsOf(Body body, Way way, boolean asObject) {
        try (EventLoop loop = EventLoop.virtualTime()) {
            loop.setExceptionHandler((source, context) -> events.add("reported " + context.get("message")));
            loop.runUntilComplete(() -> {
                await(lock.acquire());
                ToCoroutine<String> object = () -> made(body);
                try {
                    Task<Object> task = createTask(way.await(asObject ? object : made(body)));
                    events.add("result " + await(task));
                } catch (CancelledError error) {
                    events.add("ends cancelled");
                } catch (Throwable failure) {
                    events.add("throws " + failure);
                    events.add("in "
                            + Arrays.stream(failure.getStackTrace())
                                    .map(StackTraceElement::getMethodName)
                                    .filter(method ->
                                            method.equals("run") || method.equals("await") || method.equals("passing"))
                                    .toList());
                }
                return Coroutine.done();
            });
            events.add("at " + loop.time());
            return events;
        }
    }

    /** The coroutine of {@code body}, whose own failures are raised when it is awaited. */
    private Coroutine<String> made(Body body) {
        try {
            return body.run(this);
        } catch (Exception impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Test
    void runTakesThem() {
        ToCoroutine<String> object = () -> Coroutine.of("result");
        assertEquals("result", run(object));
        try (EventLoop loop = EventLoop.virtualTime()) {
            assertEquals("result", loop.runUntilComplete(object));
            assertEquals("result", loop.runUntilComplete(object), "a second time");
        }
    }

    @Test
    void whatTheyThrowIsRaisedAtTheAwait() {
        ToCoroutine<String> broken = () -> {
            throw new IllegalArgumentException("broken");
        };
        assertEquals(
                "broken",
                assertThrows(IllegalArgumentException.class, () -> run(passing(broken)))
                        .getMessage());
        ToCoroutine<String> empty = () -> null;
        assertTrue(assertThrows(NullPointerException.class, () -> run(passing(empty)))
                .getMessage()
                .endsWith("returned null; it has to return a coroutine to await"));
    }

    /** A wake-up resumes the innermost coroutine alone, so its stack is the same however many objects await each other. */
    @Test
    void nestingDoesNotDeepenTheStackOfAWakeUp() {
        assertEquals(depthAfterWakeUp(1), depthAfterWakeUp(100));
    }

    private static long depthAfterWakeUp(int nesting) {
        ToCoroutine<Long> object = ToCoroutineIT::depth;
        for (int i = 0; i < nesting; i++) {
            ToCoroutine<Long> inner = object;
            object = () -> passing(inner);
        }
        try (EventLoop loop = EventLoop.virtualTime()) {
            return loop.runUntilComplete(object);
        }
    }

    @Async
    private static Coroutine<Long> depth() {
        await(sleep(1));
        return Coroutine.of(StackWalker.getInstance().walk(Stream::count));
    }
}
