package dev.heddle.weaver.jars;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.objectweb.asm.Opcodes;

/** Counts the results of weaving many classes. */
final class Tally {

    /** The errors. There must be none. */
    final List<String> errors = new ArrayList<>();

    /** Classes that the JVM refuses even before they are woven, with the reason. */
    final List<String> unusableBefore = new ArrayList<>();

    private final Map<String, Integer> counts = new TreeMap<>();
    private final Map<Expectation, Integer> refusals = new TreeMap<>();
    private final List<Long> nanos = new ArrayList<>();

    /** For each method, the number of additional bytes of hot code for each await. */
    private final List<Double> hotBytes = new ArrayList<>();

    private String slowest = "";
    private long slowestNanos;
    private long hotGrowth;
    private long growth;
    private long measuredAwaits;

    void count(String what, int number) {
        counts.merge(what, number, Integer::sum);
    }

    int counted(String what) {
        return counts.getOrDefault(what, 0);
    }

    void method(InjectedMethod method) {
        count("methods", 1);
        count("awaits", method.awaits());
        count("awaits with values on the stack", method.onStack());
        count("awaits around uninitialised objects", method.aroundCreation());
        count("awaits under monitors on some paths only", method.onSomePaths());
        count("returns that delegate", method.delegating());
    }

    void refusal(Expectation rule) {
        refusals.merge(rule, 1, Integer::sum);
    }

    /** Records that {@code method} was woven into a body of {@code size}. */
    void woven(InjectedMethod method, WovenSizes.Size size) {
        count("methods woven", 1);
        measuredAwaits += method.awaits() + method.delegating();
        growth += size.total() - method.size();
        hotGrowth += size.hot() - method.size();
        int awaits = method.awaits() + method.delegating();
        if (awaits > 0) {
            hotBytes.add((double) (size.hot() - method.size()) / awaits);
        }
    }

    void classWoven(String name, long nanoseconds) {
        count("classes", 1);
        nanos.add(nanoseconds);
        noteSlow(name, nanoseconds);
    }

    private void noteSlow(String name, long nanoseconds) {
        if (nanoseconds > slowestNanos) {
            slowest = name;
            slowestNanos = nanoseconds;
        }
    }

    /** Adds all that {@code other} counted. */
    void add(Tally other) {
        errors.addAll(other.errors);
        unusableBefore.addAll(other.unusableBefore);
        other.counts.forEach(this::count);
        other.refusals.forEach((rule, number) -> refusals.merge(rule, number, Integer::sum));
        nanos.addAll(other.nanos);
        hotBytes.addAll(other.hotBytes);
        noteSlow(other.slowest, other.slowestNanos);
        hotGrowth += other.hotGrowth;
        growth += other.growth;
        measuredAwaits += other.measuredAwaits;
    }

    /** The number of methods that were refused by {@code rule}. {@link Expectation#WOVEN} stands for methods that became too large. */
    int refused(Expectation rule) {
        return refusals.getOrDefault(rule, 0);
    }

    @Override
    public String toString() {
        long awaits = Math.max(1, measuredAwaits);
        return String.format(
                "%s%n  refused %s%n  %.1f bytes more for each await, %.1f of them in hot code%n"
                        + "  in hot code, by method: median %.1f, 90 of 100 within %.1f, 99 within %.1f%n"
                        + "  weaving a class: median %.3f ms, 99 of 100 within %.3f ms, %s %.3f ms%n  errors %d, unusable before %d",
                counts,
                refusals,
                (double) growth / awaits,
                (double) hotGrowth / awaits,
                share(hotBytes, 0.5),
                share(hotBytes, 0.9),
                share(hotBytes, 0.99),
                share(nanos, 0.5) / 1e6,
                share(nanos, 0.99) / 1e6,
                slowest,
                slowestNanos / 1e6,
                errors.size(),
                unusableBefore.size());
    }

    /** The value that the given share of {@code values} does not exceed. */
    private static <T extends Number & Comparable<T>> double share(List<T> values, double share) {
        if (values.isEmpty()) {
            return 0;
        }
        List<T> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get((int) (share * (sorted.size() - 1))).doubleValue();
    }

    /** Counts the class files by version, because the version selects the verifier of the JVM. */
    void version(byte[] classFile) {
        int major = (classFile[6] & 0xFF) << 8 | (classFile[7] & 0xFF);
        count(major < Opcodes.V1_7 ? "class files without frames" : "class files with frames", 1);
    }
}
