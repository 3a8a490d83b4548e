package dev.heddle.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.AsyncSupplier;
import dev.heddle.Asyncio;
import dev.heddle.EventLoop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemosIT {

    @AfterEach
    void forgetTheLoop() {
        Asyncio.setEventLoop(null);
    }

    @Test
    void tasksAllStartBeforeOneEnds() throws Exception {
        List<String> expected = new ArrayList<>();
        for (String event : List.of("starts", "ends")) {
            for (int number = 1; number <= 5; number++) {
                expected.add("task " + number + " " + event);
            }
        }
        EventLoop loop = EventLoop.virtualTime();
        assertEquals(expected, printedOn(loop, () -> Tasks.main(new String[0])));
        assertTrue(loop.isClosed());
    }

    @Test
    void gatherInterleavesStartsAndEnds() throws Exception {
        assertEquals(
                List.of(
                        "coroutine 1 starts",
                        "coroutine 2 starts",
                        "coroutine 3 starts",
                        "coroutine 4 starts",
                        "coroutine 4 ends after 0.5 s",
                        "coroutine 3 ends after 1.0 s",
                        "coroutine 2 ends after 1.5 s",
                        "coroutine 1 ends after 2.0 s",
                        "all done"),
                printedBy(Gather::demo));
    }

    @Test
    void waitGivesEveryTaskAsDone() throws Exception {
        List<String> lines = printedBy(Wait::demo);
        assertEquals(
                List.of("square of 1 is 1", "square of 2 is 4", "square of 3 is 9", "square of 4 is 16"),
                lines.subList(0, 4).stream().sorted().toList());
        assertEquals(List.of("pending: 0"), lines.subList(4, lines.size()));
    }

    @Test
    void aThousandTasksTakeOneSecond() throws Exception {
        EventLoop loop = EventLoop.virtualTime();
        assertEquals(
                List.of("1000 tasks, sum of results 500500, 1.00 s"),
                printedOn(loop, () -> Thousand.main(new String[0])));
        assertTrue(loop.isClosed());
    }

    @Test
    void gatherKeepsTheOrderOfItsArguments() throws Exception {
        assertEquals(
                List.of(
                        "order is ready",
                        "argument is ready",
                        "in is ready",
                        "come is ready",
                        "results is ready",
                        "[results, come, in, argument, order]"),
                printedBy(Ordered::demo));
    }

    @Test
    void onlyAwaitedSleepsOverlap() throws Exception {
        List<String> lines = printedBy(() -> Sleeping.compare(0.01));
        assertEquals(
                List.of(
                        "await(sleep(0.01))",
                        "  1 starts",
                        "  2 starts",
                        "  3 starts",
                        "  1 ends",
                        "  2 ends",
                        "  3 ends"),
                lines.subList(0, 7));
        assertEquals(
                List.of(
                        "Thread.sleep of 0.01 s",
                        "  1 starts",
                        "  1 ends",
                        "  2 starts",
                        "  2 ends",
                        "  3 starts",
                        "  3 ends"),
                lines.subList(8, 15));
        assertTrue(seconds(lines.get(15)) >= 0.03, lines.get(15));
    }

    @Test
    void workersShareTheQueue() {
        checkWorkers(4_000, false);
    }

    @Test
    void workersEmptyTheQueue() {
        checkWorkers(10_000, true);
    }

    @Test
    void wordsAreCountedAsByOneWorker() {
        String text = "It was the best of times, it was the worst of times. ".repeat(5_000);
        List<String> pieces = WordCount.pieces(text);
        assertTrue(pieces.size() > 3, "several pieces");
        assertEquals(text, String.join("", pieces));
        Map<String, Integer> counts = WordCount.count(pieces, 1);
        assertEquals(
                Map.of(
                        "it", 10_000, "was", 10_000, "the", 10_000, "best", 5_000, "of", 10_000, "times", 10_000,
                        "worst", 5_000),
                counts);
        assertEquals(counts, WordCount.count(pieces, 3));
    }

    @Test
    void wordsOfAFileAreCounted(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("text"), "one two two three three three");
        List<String> lines = printed(() -> WordCount.main(new String[] {file.toString()}));
        assertEquals(
                List.of("6 words, 3 different", "       3 three", "       2 two", "       1 one"), lines.subList(0, 4));
        assertTrue(lines.get(4).matches("workers: 1, \\d+\\.\\d{3} s, 1\\.00 times as fast"), lines.get(4));
    }

    private static void checkWorkers(int urls, boolean all) {
        Workers workers = new Workers(all);
        assertEquals(4_000, workers.runAll().size());
        List<Workers.Visit> visits = workers.visits();
        assertEquals(urls, visits.size());
        assertEquals(urls, visits.stream().map(Workers.Visit::url).distinct().count(), "a URL was taken twice");
        for (int worker = 1; worker <= 4; worker++) {
            int id = worker;
            long own = visits.stream().filter(visit -> visit.worker() == id).count();
            assertTrue(own >= 1_000, "worker " + worker + " took " + own + " URLs");
        }
    }

    @Test
    void workersPrintTenUrlsAndASummary() throws Exception {
        List<String> lines = printed(() -> Workers.main(new String[0]));
        assertEquals(16, lines.size());
        for (String line : lines.subList(0, 10)) {
            assertTrue(line.matches("worker [1-4] http://example\\.com/\\d+"), line);
        }
        assertEquals("and 3,990 more", lines.get(10));
        for (int worker = 1; worker <= 4; worker++) {
            assertEquals("worker " + worker + " took 1,000 URLs", lines.get(10 + worker));
        }
        assertTrue(lines.get(15).matches("4000 coroutines, \\d+\\.\\d{3} s; ideal: 1 s"), lines.get(15));
    }

    private static double seconds(String line) {
        return Double.parseDouble(Stream.of(line.split(" ")).skip(1).findFirst().orElseThrow());
    }

    /** Runs a demo whose main coroutine this is, in virtual time. */
    private static List<String> printedBy(AsyncSupplier<Void> demo) throws Exception {
        try (EventLoop loop = EventLoop.virtualTime()) {
            return printed(() -> loop.runUntilComplete(demo.get()));
        }
    }

    /** Runs a program that gets its loop from the thread. */
    private static List<String> printedOn(EventLoop loop, Program program) throws Exception {
        Asyncio.setEventLoop(loop);
        return printed(program);
    }

    private static List<String> printed(Program program) throws Exception {
        return Printed.by(() -> {
                    program.run();
                    return 0;
                })
                .out();
    }

    private interface Program {
        void run() throws Exception;
    }
}
