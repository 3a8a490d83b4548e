package dev.heddle.benchmarks;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Times the sample {@code workers}, which has to be on the class path: four workers and 10,000 URLs in a shared queue. With the
 * argument {@code all}, the coroutines go on until the queue is empty. The lines that it prints go nowhere. There are two times: from before the
 * workers are started, and, as {@code whole}, from before the classes of the sample are loaded, and with them the weaver.
 */
public final class NotesDemo {

    private static final String SAMPLE = "dev.heddle.samples.Workers";
    private static final String NOWHERE = File.separatorChar == '\\' ? "NUL" : "/dev/null";

    private NotesDemo() {}

    /** Runs the program. */
    public static void main(String[] args) throws ReflectiveOperationException, IOException {
        boolean all = args.length > 0 && args[0].equals("all");
        long loading = System.nanoTime();
        Class<?> sample = Class.forName(SAMPLE);
        Constructor<?> constructor = sample.getDeclaredConstructor(PrintWriter.class, boolean.class);
        constructor.setAccessible(true);
        Method runAll = sample.getDeclaredMethod("runAll");
        runAll.setAccessible(true);
        try (PrintWriter out = new PrintWriter(new FileOutputStream(NOWHERE), false, StandardCharsets.UTF_8)) {
            Object workers = constructor.newInstance(out, all);
            long start = System.nanoTime();
            runAll.invoke(workers);
            out.flush();
            long end = System.nanoTime();
            String variant = all ? "all" : "first";
            System.out.printf(Locale.ROOT, "17 %s %.3f s%n", variant, (end - start) / 1e9);
            System.out.printf(Locale.ROOT, "17 %s,whole %.3f s%n", variant, (end - loading) / 1e9);
        }
    }
}
