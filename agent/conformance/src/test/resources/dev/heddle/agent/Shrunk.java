import static dev.heddle.Asyncio.*;

import dev.heddle.*;
import dev.heddle.sync.Lock;
import dev.heddle.sync.Queue;
import java.util.*;
import java.util.concurrent.CompletableFuture;

/** Prints a line for each thing that a shrinker could break. */
public class Shrunk {

    interface Shape {
        double area();

        @Async
        default Coroutine<String> describe() {
            await(sleep(0));
            return Coroutine.of("area " + area() + " " + await(note("of a shape")));
        }

        @Async
        private Coroutine<String> note(String text) {
            await(sleep(0));
            return Coroutine.of("(" + text + ")");
        }
    }

    record Square(double side) implements Shape {
        public double area() {
            return side * side;
        }
    }

    static class Base {
        private final List<String> log = new ArrayList<>();

        @Async
        protected Coroutine<Integer> step(Square square, int count) {
            int sum = 0;
            for (int i = 0; i < count; i++) {
                await(sleep(0));
                sum += (int) square.area();
            }
            log.add("step " + sum);
            return Coroutine.of(sum);
        }

        @Async
        private Coroutine<Integer> hidden(Map<String, Integer> counts, long l, double d) {
            await(sleep(0));
            counts.merge("hidden", 1, Integer::sum);
            return Coroutine.of((int) (l + d) + counts.size());
        }

        @Async
        Coroutine<String> all() {
            int hidden = await(hidden(new TreeMap<>(), 3, 0.5));
            return Coroutine.of(hidden + " " + await(step(new Square(2), 3)) + " " + log);
        }
    }

    static final class Derived extends Base {
        @Override
        @Async
        protected Coroutine<Integer> step(Square square, int count) {
            return Coroutine.of(1000 + await(super.step(square, count)));
        }
    }

    enum Kind {
        ONE,
        TWO;

        @Async
        Coroutine<Kind> next() {
            await(sleep(0));
            return Coroutine.of(this == ONE ? TWO : ONE);
        }
    }

    @Async
    static Coroutine<String> lambdas(int n) throws Exception {
        AsyncFunction<Integer, Integer> twice = x -> {
            await(sleep(0));
            return Coroutine.of(2 * x + n);
        };
        AsyncSupplier<String> supplier = () -> Coroutine.of("supplied " + await(twice.apply(20)));
        return Coroutine.of(await(supplier.get()));
    }

    @Async
    static Coroutine<String> groups() {
        List<String> out = new ArrayList<>();
        try {
            await(taskGroup(group -> {
                group.createTask(add(out, "a"));
                group.createTask(add(out, "b"));
                group.createTask(fail());
                return Coroutine.done();
            }));
        } catch (ExceptionGroup failed) {
            out.add(failed.exceptions().get(0).getMessage());
        }
        return Coroutine.of(out.toString());
    }

    @Async
    private static Coroutine<Void> add(List<String> out, String text) {
        await(sleep(0));
        out.add(text);
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> fail() {
        await(sleep(0));
        await(sleep(0));
        throw new IllegalStateException("failed as planned");
    }

    @Async
    static Coroutine<Integer> locked(Lock lock, int[] shared) {
        try (var held = await(lock.acquire())) {
            int seen = shared[0];
            await(sleep(0));
            shared[0] = seen + 1;
        }
        return Coroutine.of(shared[0]);
    }

    @Async
    static Coroutine<Void> produce(Queue<Integer> queue) {
        for (int i = 0; i < 5; i++) {
            await(queue.put(i));
        }
        return Coroutine.done();
    }

    @Async
    static Coroutine<Integer> consume(Queue<Integer> queue) {
        int sum = 0;
        for (int i = 0; i < 5; i++) {
            sum += await(queue.get());
        }
        return Coroutine.of(sum);
    }

    @Async
    static Coroutine<String> limits() {
        try {
            return Coroutine.of(await(waitFor(forever(), java.time.Duration.ofMillis(10))));
        } catch (dev.heddle.TimeoutException late) {
            return Coroutine.of("timed out");
        } finally {
            System.out.println("finally");
        }
    }

    @Async
    static Coroutine<String> forever() {
        try {
            await(sleep(1000));
        } catch (CancelledError cancelled) {
            System.out.println("cancelled");
            throw cancelled;
        }
        return Coroutine.of("never");
    }

    @Async
    static Coroutine<Void> main() throws Exception {
        System.out.println(await(new Square(3).describe()));
        System.out.println(await(new Base().all()));
        System.out.println(await(new Derived().all()));
        System.out.println(await(Kind.ONE.next()));
        System.out.println(await(lambdas(2)));
        System.out.println(await(groups()));
        Lock lock = new Lock();
        int[] shared = {0};
        System.out.println(await(gather(locked(lock, shared), locked(lock, shared), locked(lock, shared))));
        Queue<Integer> queue = Queue.fifo(2);
        Task<Void> producer = createTask(produce(queue));
        System.out.println(await(consume(queue)));
        await(producer);
        System.out.println(await(limits()));
        System.out.println(await(CompletableFuture.supplyAsync(() -> "from a thread")));
        System.out.println(await(toThread(() -> "to a thread")));
        try (var workers = dev.heddle.workers.Workers.start(2)) {
            System.out.println(await(workers.submit(() -> lambdas(5))));
        }
        return Coroutine.done();
    }

    public static void main(String[] args) throws Exception {
        run(main());
    }
}
