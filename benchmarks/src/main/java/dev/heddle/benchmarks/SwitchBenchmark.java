package dev.heddle.benchmarks;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.sleep;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A switch from one task to the other: two tasks, each of which awaits {@code sleep(0)} 10,000 times. {@code plain} is the
 * least that a switch can be without Heddle: two objects that count, and take turns in an {@code ArrayDeque}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SwitchBenchmark {

    private static final int ROUNDS = 10_000;

    private EventLoop loop;

    /** Makes the loop. */
    @Setup
    public void open() {
        loop = EventLoop.create();
    }

    /** Closes the loop. */
    @TearDown
    public void close() {
        loop.close();
    }

    /** Two tasks in turn. */
    @Benchmark
    @OperationsPerInvocation(2 * ROUNDS)
    public List<Integer> sleepZero() {
        return loop.runUntilComplete(both());
    }

    @Async
    private static Coroutine<List<Integer>> both() {
        return Coroutine.of(await(gather(yielding(), yielding())));
    }

    @Async
    private static Coroutine<Integer> yielding() {
        int rounds = 0;
        while (rounds < ROUNDS) {
            await(sleep(0));
            rounds++;
        }
        return Coroutine.of(rounds);
    }

    /** Two counters in turn. */
    @Benchmark
    @OperationsPerInvocation(2 * ROUNDS)
    public int plain() {
        ArrayDeque<Counter> queue = new ArrayDeque<>(List.of(new Counter(), new Counter()));
        int finished = 0;
        while (!queue.isEmpty()) {
            Counter counter = queue.remove();
            if (counter.count()) {
                queue.add(counter);
            } else {
                finished++;
            }
        }
        return finished;
    }

    /** What takes the place of a task. */
    private static final class Counter {

        private int rounds;

        boolean count() {
            rounds++;
            return rounds <= ROUNDS;
        }
    }
}
