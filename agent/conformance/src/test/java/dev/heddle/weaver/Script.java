package dev.heddle.weaver;

import dev.heddle.Coroutine;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** Decides for each await of a run, counted from 1, whether it suspends and whether it fails. Records the events of the run. */
public final class Script {

    private final IntPredicate suspends;
    private final IntPredicate fails;
    private final List<String> events = new ArrayList<>();
    private int awaits;

    public Script(IntPredicate suspends, IntPredicate fails) {
        this.suspends = suspends;
        this.fails = fails;
    }

    /** Returns an awaitable whose result is {@code value}. */
    public <T> Coroutine<T> later(T value) {
        return new Probe<>(this, value);
    }

    /** Records {@code event}. */
    public void say(Object event) {
        events.add(String.valueOf(event));
    }

    /** Records {@code event} and returns {@code value}, to show the order of evaluation. */
    public <T> T say(Object event, T value) {
        say(event);
        return value;
    }

    public boolean failsNext() {
        awaits++;
        return fails.test(awaits);
    }

    public boolean suspendsNext() {
        return suspends.test(awaits);
    }

    public int awaits() {
        return awaits;
    }

    public List<String> events() {
        return events;
    }
}
