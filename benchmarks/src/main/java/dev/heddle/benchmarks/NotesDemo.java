package dev.heddle.benchmarks;

import java.lang.reflect.InvocationTargetException;
import java.util.Locale;

/**
 * Times the sample {@code workers}, which has to be on the class path: four workers and 10,000 URLs in a shared queue. With the
 * argument {@code all}, the coroutines go on until the queue is empty.
 */
public final class NotesDemo {

    private static final String SAMPLE = "dev.heddle.samples.Workers";

    private NotesDemo() {}

    /** Runs the program. */
    public static void main(String[] args) throws ReflectiveOperationException {
        long start = System.nanoTime();
        try {
            Class.forName(SAMPLE).getMethod("main", String[].class).invoke(null, (Object) args);
        } catch (InvocationTargetException failure) {
            throw new IllegalStateException("the sample " + SAMPLE + " failed", failure.getCause());
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        String variant = args.length > 0 && args[0].equals("all") ? "all" : "first";
        System.out.printf(Locale.ROOT, "17 %s %.3f s%n", variant, seconds);
    }
}
