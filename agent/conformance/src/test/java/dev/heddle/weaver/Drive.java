package dev.heddle.weaver;

import dev.heddle.Awaitable;
import dev.heddle.Coroutine;
import dev.heddle.internal.frames.Chain;
import dev.heddle.woven.Frame;
import dev.heddle.woven.Suspension;
import java.util.function.Consumer;

/** Runs a coroutine to its end without an event loop. Each probe that suspends it is completed at once. */
public final class Drive {

    private Drive() {}

    public static Object toEnd(Coroutine<?> coroutine) {
        return toEnd(coroutine, suspended -> {});
    }

    /** Runs {@code coroutine}, and calls {@code atSuspension} at each suspension before the probe is completed. */
    public static Object toEnd(Coroutine<?> coroutine, Consumer<Frame<?>> atSuspension) {
        Chain chain = new Chain();
        chain.enter();
        try {
            Object result = chain.start(coroutine);
            Frame<?> leaf = null;
            while (result == Suspension.SUSPENDED) {
                leaf = chain.innermostAfter(leaf);
                atSuspension.accept(leaf);
                result = answer(chain, leaf, (Probe<?>) Chain.awaited(leaf));
            }
            return result;
        } finally {
            chain.exit();
        }
    }

    private static Object answer(Chain chain, Frame<?> leaf, Probe<?> probe) {
        Object value;
        try {
            value = probe.outcome();
        } catch (Probe.ScriptedFailure failure) {
            return chain.fail(leaf, failure);
        }
        return chain.resume(leaf, value);
    }

    /** Replaces {@code await} in the plain version of a program: runs to the end on the stack of the caller. */
    public static Object plain(Awaitable<?> awaitable) {
        if (awaitable instanceof Probe<?> probe) {
            probe.begin();
            return probe.outcome();
        }
        if (awaitable == null) {
            throw new NullPointerException();
        }
        return new Chain().start((Coroutine<?>) awaitable);
    }

    /** As {@link #plain(Awaitable)}, for an {@code await} that declares an exception. */
    public static Object plain(Awaitable<?> awaitable, Class<?> declared) {
        return plain(awaitable);
    }

    /** As {@link #plain(Awaitable)}, for an {@code await} that declares two exceptions. */
    public static Object plain(Awaitable<?> awaitable, Class<?> declared, Class<?> alsoDeclared) {
        return plain(awaitable);
    }
}
