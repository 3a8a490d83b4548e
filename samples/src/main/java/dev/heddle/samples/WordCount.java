// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples;

import static dev.heddle.Asyncio.await;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.sync.QueueShutDownException;
import dev.heddle.workers.SharedQueue;
import dev.heddle.workers.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * Counts the words of the text files given, or of a made-up text, with one worker and with more, up to one per core. Prints
 * the commonest words, and for each number of workers the time and how many times faster it is than one.
 */
public final class WordCount {

    /**
     * The number of characters that a worker takes from the queue at a time. Each worker gets many pieces, with much
     * work in each.
     */
    private static final int PIECE = 1 << 16;

    private static final int COMMONEST = 5;
    private static final int RUNS = 7;
    private static final int MADE_UP_WORDS = 4_000_000;
    private static final int VOCABULARY = 20_000;

    private WordCount() {}

    /** The coroutine of each worker. It counts into a table of its own, so nothing needs a lock. */
    @Async
    private static Coroutine<Map<String, Integer>> countPieces(SharedQueue<String> pieces) {
        WordTable words = new WordTable();
        try {
            while (true) {
                words.addAll(await(pieces.get()));
            }
        } catch (QueueShutDownException empty) {
            return Coroutine.of(words.counts());
        }
    }

    /** The number of occurrences of each word in {@code pieces}, counted by {@code workerCount} workers. */
    static Map<String, Integer> count(List<String> pieces, int workerCount) {
        SharedQueue<String> queue = SharedQueue.unbounded();
        pieces.forEach(queue::tryPut);
        queue.close();
        Map<String, Integer> total = new HashMap<>();
        try (Workers workers = Workers.start(workerCount)) {
            for (CompletableFuture<Map<String, Integer>> counts : workers.submitEach(worker -> countPieces(queue))) {
                counts.join().forEach((word, count) -> total.merge(word, count, Integer::sum));
            }
        }
        return total;
    }

    /** Cuts a text into pieces between words. */
    static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int end = Math.min(start + PIECE, text.length());
            while (end < text.length() && Character.isLetter(text.charAt(end))) {
                end++;
            }
            pieces.add(text.substring(start, end));
            start = end;
        }
        return pieces;
    }

    /** A made-up text with rare and frequent words, as in real texts: words later in the vocabulary are rarer. */
    private static String madeUp(int words) {
        String[] vocabulary = new String[VOCABULARY + 1];
        for (int rank = 1; rank <= VOCABULARY; rank++) {
            vocabulary[rank] = Integer.toString(rank * 7919, 26).replaceAll("[0-9]", "x");
        }
        Random random = new Random(1);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            text.append(vocabulary[(int) Math.pow(VOCABULARY, random.nextDouble())])
                    .append(i % 12 == 11 ? ".\n" : " ");
        }
        return text.toString();
    }

    /**
     * The shortest time with each number of workers, in seconds. The runs alternate, so that all of them run on warm
     * code.
     */
    private static Map<Integer, Double> times(List<String> pieces) {
        Map<Integer, Double> best = new TreeMap<>();
        for (int run = 0; run < RUNS; run++) {
            for (int workers = 1; workers <= Runtime.getRuntime().availableProcessors(); workers *= 2) {
                long start = System.nanoTime();
                count(pieces, workers);
                best.merge(workers, (System.nanoTime() - start) / 1e9, Math::min);
            }
        }
        return best;
    }

    private static List<String> read(String[] files) throws IOException {
        List<String> pieces = new ArrayList<>();
        for (String file : files) {
            pieces.addAll(pieces(Files.readString(Path.of(file), UTF_8)));
        }
        return files.length == 0 ? pieces(madeUp(MADE_UP_WORDS)) : pieces;
    }

    public static void main(String[] args) throws IOException {
        List<String> pieces = read(args);
        Map<String, Integer> counts = count(pieces, Runtime.getRuntime().availableProcessors());
        System.out.printf(
                Locale.ROOT,
                "%d words, %d different%n",
                counts.values().stream().mapToLong(Integer::longValue).sum(),
                counts.size());
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(COMMONEST)
                .forEach(entry -> System.out.printf(Locale.ROOT, "%8d %s%n", entry.getValue(), entry.getKey()));
        Map<Integer, Double> times = times(pieces);
        double alone = Objects.requireNonNull(times.get(1), "a time for one worker");
        times.forEach((workers, seconds) -> System.out.printf(
                Locale.ROOT, "workers: %d, %.3f s, %.2f times as fast%n", workers, seconds, alone / seconds));
    }
}
