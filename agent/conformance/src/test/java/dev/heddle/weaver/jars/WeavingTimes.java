package dev.heddle.weaver.jars;

import dev.heddle.weaver.ClassFileFilter;
import dev.heddle.weaver.Weaver;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * Measures, when run by hand, how long weaving the classes of a program takes: once in a new JVM, as when a program starts, then
 * repeatedly. The times are processor times, which other programs do not lengthen. Arguments: directories of class files.
 */
final class WeavingTimes {

    private static final int ROUNDS = 300;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private WeavingTimes() {}

    public static void main(String[] args) throws IOException {
        List<byte[]> classFiles = new ArrayList<>();
        for (String directory : args) {
            try (Stream<Path> files = Files.walk(Path.of(directory))) {
                for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                    byte[] bytes = file.toString().endsWith(".class") ? Files.readAllBytes(file) : new byte[0];
                    if (bytes.length > 0 && ClassFileFilter.namesHeddle(bytes)) {
                        classFiles.add(bytes);
                    }
                }
            }
        }
        if (classFiles.isEmpty()) {
            throw new IllegalArgumentException("no class below " + List.of(args) + " names Heddle");
        }
        System.out.println(classFiles.size() + " classes, cold: " + round(classFiles));
        String warm = "";
        for (int i = 0; i < ROUNDS; i++) {
            warm = round(classFiles);
        }
        System.out.println(classFiles.size() + " classes, warm: " + warm);
    }

    private static String round(List<byte[]> classFiles) {
        List<Double> millis = new ArrayList<>();
        for (byte[] classFile : classFiles) {
            long start = THREADS.getCurrentThreadCpuTime();
            Weaver.weave(classFile);
            millis.add((THREADS.getCurrentThreadCpuTime() - start) / 1e6);
        }
        double sum = millis.stream().mapToDouble(Double::doubleValue).sum();
        Collections.sort(millis);
        int last = millis.size() - 1;
        return String.format(
                "median %.3f ms, 99 of 100 within %.3f ms, slowest %.3f ms, all %.1f ms",
                millis.get(last / 2), millis.get((int) (0.99 * last)), millis.get(last), sum);
    }
}
