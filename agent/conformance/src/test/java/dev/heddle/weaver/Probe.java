package dev.heddle.weaver;

import dev.heddle.Coroutine;
import dev.heddle.woven.Suspension;

/** A coroutine that a {@link Script} controls: it finishes or fails at once, or suspends first. */
public final class Probe<T> extends Coroutine<T> {

    private final Script script;
    private final T value;
    private boolean fails;

    public Probe(Script script, T value) {
        this.script = script;
        this.value = value;
    }

    @Override
    protected Object begin() {
        fails = script.failsNext();
        return script.suspendsNext() ? Suspension.SUSPENDED : outcome();
    }

    @Override
    protected boolean discard() {
        return false;
    }

    /** Returns the value, or throws the failure. */
    public Object outcome() {
        if (fails) {
            throw new ScriptedFailure();
        }
        return value;
    }

    /** The exception that an await throws at the request of a script. */
    public static final class ScriptedFailure extends RuntimeException {
        ScriptedFailure() {
            super("scripted");
        }
    }
}
