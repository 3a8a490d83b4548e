// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.TimeoutException;
import dev.heddle.sync.QueueShutDownException;
import dev.heddle.workers.SharedQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Runs four workers, an event loop on a thread each, with a thousand coroutines each; all take URLs from one queue of 10,000. A
 * coroutine ends after its first URL, or, with the argument {@code all}, when the queue is empty. Prints the first ten URLs,
 * how many each worker took, and the total time beside the ideal one: 1 s, or 3 s with {@code all}.
 */
public final class Workers {

    private static final int WORKERS = 4;
    private static final int COROUTINES = 1_000;
    private static final int URLS = 10_000;
    private static final double VISIT_SECONDS = 1;
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final int SHOWN = 10;

    /** A URL and the worker that took it. */
    record Visit(int worker, String url) {

        @Override
        public String toString() {
            return "worker " + worker + " " + url;
        }
    }

    private final SharedQueue<String> urls = SharedQueue.unbounded();
    private final Queue<Visit> visits = new ConcurrentLinkedQueue<>();
    private final boolean all;

    /** With {@code all}, a coroutine continues until the queue is empty. */
    Workers(boolean all) {
        this.all = all;
        for (int number = 1; number <= URLS; number++) {
            urls.tryPut("http://example.com/" + number);
        }
        urls.close(); // nothing is added later, so nobody waits when the queue is empty
    }

    /** The coroutine that each worker runs a thousand times. Its result is the number of the worker. */
    @Async
    private Coroutine<Integer> visit(int worker) {
        try {
            do {
                String url = await(waitFor(urls.get(), PATIENCE));
                await(sleep(VISIT_SECONDS));
                visits.add(new Visit(worker, url));
            } while (all);
        } catch (TimeoutException | QueueShutDownException empty) {
            return Coroutine.of(worker);
        }
        return Coroutine.of(worker);
    }

    @Async
    private Coroutine<List<Integer>> work(int worker) {
        List<Coroutine<Integer>> visits = new ArrayList<>();
        for (int i = 0; i < COROUTINES; i++) {
            visits.add(visit(worker));
        }
        return Coroutine.of(await(gather(visits)));
    }

    /** Runs all workers and returns the results of their coroutines. */
    List<Integer> runAll() {
        try (var workers = dev.heddle.workers.Workers.start(WORKERS)) {
            return workers.submitEach(index -> work(index + 1)).stream()
                    .map(CompletableFuture::join)
                    .flatMap(List::stream)
                    .toList();
        }
    }

    /** All visits, in the order in which they ended. */
    List<Visit> visits() {
        return List.copyOf(visits);
    }

    public static void main(String[] args) {
        boolean all = args.length > 0 && args[0].equals("all");
        Workers workers = new Workers(all);
        long start = System.nanoTime();
        List<Integer> ids = workers.runAll();
        double seconds = (System.nanoTime() - start) / 1e9;

        List<Visit> visits = workers.visits();
        visits.stream().limit(SHOWN).forEach(System.out::println);
        System.out.printf(Locale.ROOT, "and %,d more%n", visits.size() - SHOWN);
        for (int id = 1; id <= WORKERS; id++) {
            int worker = id;
            long taken = visits.stream().filter(visit -> visit.worker == worker).count();
            System.out.printf(Locale.ROOT, "worker %d took %,d URLs%n", worker, taken);
        }
        double ideal = VISIT_SECONDS * (all ? Math.ceil((double) URLS / ids.size()) : 1);
        System.out.printf(Locale.ROOT, "%d coroutines, %.3f s; ideal: %.0f s%n", ids.size(), seconds, ideal);
    }
}
