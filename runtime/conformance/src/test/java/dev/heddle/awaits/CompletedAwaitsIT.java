package dev.heddle.awaits;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;
import static dev.heddle.cpython.Coroutines.after;
import static dev.heddle.cpython.Coroutines.createFuture;
import static dev.heddle.cpython.Coroutines.doneFuture;
import static dev.heddle.cpython.Coroutines.value;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Async;
import dev.heddle.Awaitable;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A program prints the same whether its awaits are complete already or suspend, in whatever way. */
class CompletedAwaitsIT {

    /** Creates an awaitable that returns a value, or throws it. */
    private interface Source {
        Awaitable<Object> of(Object outcome);
    }

    private static final Map<String, Source> SOURCES = Map.of(
            "done future", CompletedAwaitsIT::done,
            "coroutine that returns at once", CompletedAwaitsIT::atOnce,
            "sleep", outcome -> after(1, outcome),
            "yield", outcome -> after(0, outcome),
            "task", outcome -> createTask(after(0, outcome)),
            "future completed by a callback", CompletedAwaitsIT::soon,
            "gather", outcome -> first(gather(after(1, outcome), sleep(2))),
            "limit", outcome -> waitFor(after(1, outcome), Duration.ofSeconds(5)),
            "alternating", new Alternating());

    private static final class Alternating implements Source {

        private int made;

        @Override
        public Awaitable<Object> of(Object outcome) {
            made++;
            return made % 2 == 0 ? done(outcome) : after(1, outcome);
        }
    }

    private static Future<Object> done(Object outcome) {
        if (outcome instanceof RuntimeException failure) {
            Future<Object> future = createFuture();
            future.setException(failure);
            return future;
        }
        return doneFuture(outcome);
    }

    @Async
    private static Coroutine<Object> atOnce(Object outcome) {
        if (outcome instanceof RuntimeException failure) {
            throw failure;
        }
        return value(outcome);
    }

    private static Future<Object> soon(Object outcome) {
        Future<Object> future = createFuture();
        future.loop().callSoon(() -> {
            if (outcome instanceof RuntimeException failure) {
                future.setException(failure);
            } else {
                future.setResult(outcome);
            }
        });
        return future;
    }

    @Async
    private static Coroutine<Object> first(Future<List<Object>> results) {
        return Coroutine.of(await(results).get(0));
    }

    private static final class Programs {

        private final Source source;
        private final List<String> events = new ArrayList<>();
        private int field = 10;

        Programs(Source source) {
            this.source = source;
        }

        private Awaitable<Object> failure(String message) {
            return source.of(new IllegalArgumentException(message));
        }

        @Async
        private Coroutine<Integer> number(int value) {
            events.add("number " + value);
            return Coroutine.of((Integer) await(source.of(value)));
        }

        @Async
        Coroutine<Object> expressions() {
            int local = 5;
            int[] array = {1, 2, 3};
            local += await(number(1)) * await(number(2)) - local;
            array[await(number(1))] += await(number(7));
            field -= await(number(3)) + field++;
            String text = "a" + await(source.of("b")) + local + await(source.of('c')) + 1.5f + 2L;
            boolean both = await(number(1)) > 0 && await(number(2)) > 5 || await(number(3)) == 3;
            long wide = 1L << await(number(40));
            double quotient = wide / (double) await(number(3));
            return Coroutine.of(List.of(local, array[1], field, text, both, wide, quotient));
        }

        @Async
        Coroutine<Object> loops() {
            int sum = 0;
            outer:
            for (int i = 0; i < 4; i++) {
                for (int j = await(number(0)); ; j++) {
                    if (await(number(i)) + j > 3) {
                        continue outer;
                    }
                    if (i == 2 && j == await(number(1))) {
                        break outer;
                    }
                    sum += 10 * i + j;
                }
            }
            do {
                sum = sum * 2 + await(number(1));
            } while (sum < await(number(500)));
            return Coroutine.of(sum);
        }

        @Async
        Coroutine<Object> failures() {
            for (int i = 0; i < 3; i++) {
                try {
                    try {
                        events.add("try " + await(number(i)));
                        await(i == 1 ? failure("inner") : source.of("fine"));
                        events.add("not failed");
                    } finally {
                        events.add("finally " + await(source.of("inner")));
                    }
                } catch (IllegalArgumentException failure) {
                    events.add("caught " + failure.getMessage() + await(source.of("!")));
                } finally {
                    events.add("finally " + await(number(100 + i)));
                }
            }
            return Coroutine.of(await(failure("last")));
        }

        @Async
        Coroutine<Object> returning(int way) {
            try {
                switch (way) {
                    case 0 -> {
                        return Coroutine.of(await(source.of("from switch")));
                    }
                    case 1 -> events.add("falls out " + await(source.of(1)));
                    default -> throw new IOException("way " + await(number(way)));
                }
                return Coroutine.of("after " + way);
            } catch (IOException failure) {
                return source.of(failure.getMessage()) instanceof Coroutine<Object> coroutine
                        ? coroutine
                        : Coroutine.of(failure.getMessage());
            } finally {
                events.add("cleaned " + await(source.of(way)));
            }
        }

        @Async
        Coroutine<Object> returns() {
            return Coroutine.of(List.of(await(returning(0)), await(returning(1)), await(returning(2))));
        }

        private final class Resource implements AutoCloseable {

            private final String name;

            Resource(Object name) {
                this.name = name.toString();
                events.add("opens " + name);
            }

            @Override
            public void close() {
                events.add("closes " + name);
                if (name.equals("b")) {
                    throw new IllegalStateException("closing");
                }
            }
        }

        @Async
        Coroutine<Object> resources() {
            try (Resource a = new Resource(await(source.of("a")));
                    Resource b = new Resource(await(source.of("b")))) {
                events.add(a.name + b.name);
                await(failure("body"));
            } catch (IllegalArgumentException failure) {
                return Coroutine.of(failure.getMessage() + " " + failure.getSuppressed()[0].getMessage());
            }
            return Coroutine.of("unreachable");
        }

        @Async
        Coroutine<Object> recursion() {
            return Coroutine.of(await(fibonacci(7)));
        }

        @Async
        private Coroutine<Integer> fibonacci(int n) {
            return Coroutine.of(n < 2 ? await(number(n)) : await(fibonacci(n - 1)) + await(fibonacci(n - 2)));
        }

        @Async
        Coroutine<Object> lambdas() throws Exception {
            int captured = await(number(3));
            dev.heddle.AsyncFunction<Integer, Integer> times = n -> Coroutine.of(captured * await(number(n)));
            int sum = 0;
            for (int n : List.of(1, 2, 3)) {
                sum += await(times.apply(n));
            }
            return Coroutine.of(sum);
        }
    }

    private interface Program {
        Coroutine<Object> of(Programs programs) throws Exception;
    }

    private static final Map<String, Program> PROGRAMS = Map.of(
            "expressions", Programs::expressions,
            "loops", Programs::loops,
            "failures", Programs::failures,
            "returns", Programs::returns,
            "resources", Programs::resources,
            "recursion", Programs::recursion,
            "lambdas", Programs::lambdas);

    private static String run(Program program, Source source) {
        try (EventLoop loop = EventLoop.virtualTime()) {
            Programs programs = new Programs(source);
            Function<Object, String> ended = outcome -> programs.events + " => " + outcome;
            try {
                return ended.apply(loop.runUntilComplete(program.of(programs)));
            } catch (Exception failure) {
                return ended.apply(failure);
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> suspendedAndCompletedAwaitsDoTheSame() {
        return PROGRAMS.keySet().stream()
                .flatMap(program -> SOURCES.keySet().stream()
                        .map(source -> DynamicTest.dynamicTest(program + " with " + source, () -> {
                            String expected = run(PROGRAMS.get(program), CompletedAwaitsIT::done);
                            assertEquals(expected, run(PROGRAMS.get(program), SOURCES.get(source)));
                        })));
    }

    @TestFactory
    Stream<DynamicTest> completedAwaitsDoWhatPlainJavaDoes() {
        Map<String, String> expected = Map.of(
                "expressions", "[2, 9, -3, ab2c1.52, true, 1099511627776, 3.665038759253333E11]",
                "loops", "959",
                "failures", "java.lang.IllegalArgumentException: last",
                "returns", "[from switch, after 1, way 2]",
                "resources", "body closing",
                "recursion", "13",
                "lambdas", "18");
        return expected.keySet().stream()
                .map(program -> DynamicTest.dynamicTest(program, () -> {
                    String actual = run(PROGRAMS.get(program), CompletedAwaitsIT::done);
                    assertEquals(expected.get(program), actual.substring(actual.indexOf("=> ") + 3));
                }));
    }
}
