// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks;

import java.util.Queue;

/** Two threads that talk to each other over queues and never sleep. */
final class SpinningPair {

    private SpinningPair() {}

    /** Takes {@code count} numbers and returns their sum. */
    static long receive(Queue<Integer> queue, int count) {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += take(queue);
        }
        return sum;
    }

    /** Sends a number to the answering thread and takes it back, until it is {@code limit}. */
    static int ask(Queue<Integer> there, Queue<Integer> back, int limit) {
        int number = 0;
        while (number < limit) {
            there.add(number + 1);
            number = take(back);
        }
        return number;
    }

    /** Adds 1 to each received number and sends it back, until it is {@code limit}. */
    static int answer(Queue<Integer> there, Queue<Integer> back, int limit) {
        int number = 0;
        while (number < limit) {
            number = take(there) + 1;
            back.add(number);
        }
        return number;
    }

    private static Integer take(Queue<Integer> queue) {
        Integer element = queue.poll();
        while (element == null) {
            Thread.onSpinWait();
            element = queue.poll();
        }
        return element;
    }
}
