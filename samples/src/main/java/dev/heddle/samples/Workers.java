package dev.heddle.samples;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs four threads with an event loop and a thousand coroutines each; all take URLs from one queue of 10,000. A
 * coroutine ends after its first URL, or, with the argument {@code all}, when the queue is empty. Prints a line per URL
 * and, last, the total time beside the ideal one: 1 s, or 3 s with {@code all}.
 */
public final class Workers {

    private static final int WORKERS = 4;
    private static final int COROUTINES = 1_000;
    private static final int URLS = 10_000;
    private static final double VISIT_SECONDS = 1;
    private static final double PATIENCE_SECONDS = 1;

    private final Queue<String> urls = new ConcurrentLinkedQueue<>();
    private final PrintWriter out;
    private final boolean all;

    /** With {@code all}, a coroutine goes on until the queue is empty. */
    Workers(PrintWriter out, boolean all) {
        this.out = out;
        this.all = all;
        for (int number = 1; number <= URLS; number++) {
            urls.add("http://example.com/" + number);
        }
    }

    /** The coroutine that a worker runs a thousand times; its result is the worker's id. */
    @Async
    private Coroutine<Integer> visit(int worker) {
        Optional<String> url = await(nextUrl());
        while (url.isPresent()) {
            await(sleep(VISIT_SECONDS));
            out.println("worker " + worker + " " + url.get());
            url = all ? Optional.ofNullable(urls.poll()) : Optional.empty();
        }
        return Coroutine.of(worker);
    }

    /** Takes a URL from the queue; gives none if none comes in time. */
    @Async
    private Coroutine<Optional<String>> nextUrl() {
        double deadline = getRunningLoop().time() + PATIENCE_SECONDS;
        String url = urls.poll();
        while (url == null && getRunningLoop().time() < deadline) {
            await(sleep(0.01));
            url = urls.poll();
        }
        return Coroutine.of(Optional.ofNullable(url));
    }

    @Async
    private Coroutine<List<Integer>> work(int worker) {
        List<Coroutine<Integer>> visits = new ArrayList<>();
        for (int i = 0; i < COROUTINES; i++) {
            visits.add(visit(worker));
        }
        return Coroutine.of(await(gather(visits)));
    }

    /** Runs all workers and returns what their coroutines returned. */
    List<Integer> runAll() throws InterruptedException, ExecutionException {
        List<Callable<List<Integer>>> workers = new ArrayList<>();
        for (int worker = 1; worker <= WORKERS; worker++) {
            int id = worker;
            workers.add(() -> run(work(id)));
        }
        ExecutorService threads = Executors.newFixedThreadPool(WORKERS);
        try {
            List<Integer> ids = new ArrayList<>();
            for (Future<List<Integer>> result : threads.invokeAll(workers)) {
                ids.addAll(result.get());
            }
            return ids;
        } finally {
            threads.shutdown();
        }
    }

    public static void main(String[] args) throws InterruptedException, ExecutionException {
        boolean all = args.length > 0 && args[0].equals("all");
        // Buffered, because a write to the terminal for every line would cost more than the coroutines do.
        PrintWriter out = new PrintWriter(System.out, false, UTF_8);
        Workers workers = new Workers(out, all);
        long start = System.nanoTime();
        List<Integer> ids = workers.runAll();
        out.flush();
        double seconds = (System.nanoTime() - start) / 1e9;
        double ideal = VISIT_SECONDS * (all ? Math.ceil((double) URLS / ids.size()) : 1);
        System.out.printf(Locale.ROOT, "%d coroutines, %.3f s; ideal: %.0f s%n", ids.size(), seconds, ideal);
    }
}
