package dev.heddle.weaver.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Shared by all parts of one generated program: the source of randomness, the names, the methods, and a size limit. */
final class Context {

    /** The place of a generated method. */
    enum Place {
        STATIC,
        INSTANCE,
        PRIVATE,
        RECORD,
        INTERFACE
    }

    /** A generated method. One whose result is {@link Type#VARIABLE} is generic. */
    record Signature(String name, Place place, List<Type> parameters, Type result) {}

    /** Whether the JDK has patterns in {@code switch}. */
    final boolean patterns = Runtime.version().feature() >= 21;

    /** Whether the weaver is to refuse some of the methods. */
    boolean refusals;

    final List<Signature> methods = new ArrayList<>();
    /** The methods from this index on may be called, so that recursion is rare. */
    int firstCallable;
    /** How many more expressions the current method may have before only simple ones are made. */
    int budget;

    private final SplittableRandom random;
    private int names;

    Context(long seed) {
        random = new SplittableRandom(seed);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    /** True once in {@code n} times. */
    boolean oneIn(int n) {
        return below(n) == 0;
    }

    <T> T pick(List<T> choices) {
        return choices.get(below(choices.size()));
    }

    String pick(String... choices) {
        return choices[below(choices.length)];
    }

    String name(String prefix) {
        return prefix + names++;
    }

    List<Signature> callable(Type result) {
        return methods.subList(firstCallable, methods.size()).stream()
                .filter(method ->
                        method.result == result || (method.result == Type.VARIABLE && result != Type.VARIABLE))
                .toList();
    }
}
