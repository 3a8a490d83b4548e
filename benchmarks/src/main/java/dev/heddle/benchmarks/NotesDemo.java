// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.Locale;

/**
 * Times the sample {@code workers}, which must be on the class path: four workers and 10,000 URLs in a shared queue.
 * With the argument {@code all}, the coroutines go on until the queue is empty. There are two times. One begins before
 * the workers are started. The other, {@code whole}, begins before the classes of the sample are loaded, and the weaver
 * with them.
 */
public final class NotesDemo {

    private static final String SAMPLE = "dev.heddle.samples.Workers";

    private NotesDemo() {}

    /** Runs the program. */
    public static void main(String[] args) throws ReflectiveOperationException {
        boolean all = args.length > 0 && args[0].equals("all");
        long loading = System.nanoTime();
        Class<?> sample = Class.forName(SAMPLE);
        Constructor<?> constructor = sample.getDeclaredConstructor(boolean.class);
        constructor.setAccessible(true);
        Method runAll = sample.getDeclaredMethod("runAll");
        runAll.setAccessible(true);
        Object workers = constructor.newInstance(all);
        long start = System.nanoTime();
        runAll.invoke(workers);
        long end = System.nanoTime();
        String variant = all ? "all" : "first";
        System.out.printf(Locale.ROOT, "17 %s %.3f s%n", variant, (end - start) / 1e9);
        System.out.printf(Locale.ROOT, "17 %s,whole %.3f s%n", variant, (end - loading) / 1e9);
    }
}
