// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import dev.heddle.coroutines.Sneaky;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Holds values of {@link ContextVar}s. Each task runs in a context, by default a copy of the context in which it was created. A callback
 * runs in a copy of the context in which it was scheduled or added. Outside a running loop, each thread has its own context.
 *
 * <p>A context also holds the {@linkplain #mirror mirrored} states of threads.
 *
 * <p>A context may be used by only one thread at a time. Corresponds to {@code contextvars.Context}.
 */
public final class Context {

    /** The context of a thread while it runs no loop. Null before a variable was set there. */
    private static final ThreadLocal<@Nullable Context> OF_THREAD = new ThreadLocal<>();

    /** Whether a variable was ever set or a state mirrored in this process. Until then, contexts need not be captured. Set once, by any thread. */
    private static volatile boolean inUse;

    private Bindings bindings;

    /** Whether a call of {@link #run} is in progress. */
    private boolean entered;

    /** The mirrored states as they were when code last left this context. Null before a thread has entered it, or if nothing is mirrored. */
    private @Nullable ThreadStates states;

    /** Creates an empty context. The mirrored states in it are those of the thread that first enters it. */
    public Context() {
        this(Bindings.NONE, null);
    }

    private Context(Bindings bindings, @Nullable ThreadStates states) {
        this.bindings = bindings;
        this.states = states;
    }

    /** Returns a copy of the current context. Corresponds to {@code contextvars.copy_context}. */
    public static Context copyCurrent() {
        Context current = currentOrNull();
        return new Context(current == null ? Bindings.NONE : current.bindings, ThreadStates.capture(null));
    }

    /** Returns an independent context with the same values. */
    public Context copy() {
        if (!Mirror.open().isEmpty() && this == currentOrNull()) {
            saveStates();
        }
        return new Context(bindings, states);
    }

    /**
     * Calls {@code callable} in this context and returns its result. Variables that it sets are set in this context. Throwables propagate
     * as they are, even checked exceptions.
     *
     * @throws IllegalStateException if this context is the current one, or a call of {@code run} is in progress in it
     */
    public <T extends @Nullable Object> T run(Callable<T> callable) {
        Objects.requireNonNull(callable, "callable");
        if (entered || isOfCurrentTask()) {
            throw new IllegalStateException("cannot enter context: " + this + " is already entered");
        }
        entered = true;
        try {
            return call(callable);
        } finally {
            entered = false;
        }
    }

    private boolean isOfCurrentTask() {
        ContextHolder loop = ContextHolder.running();
        return loop != null && (loop.context == this || loop.contextOfTask() == this);
    }

    /** As {@link #run}, even if this context is already entered. */
    <T extends @Nullable Object> T call(Callable<T> callable) {
        ContextHolder loop = ContextHolder.running();
        Context outer = loop == null ? OF_THREAD.get() : loop.context;
        ThreadStates outerStates = saveCurrentStates() == this ? null : enterStates();
        enter(loop, this);
        try {
            return callable.call();
        } catch (Throwable failure) {
            throw Sneaky.thrown(failure);
        } finally {
            enter(loop, outer);
            leaveStates(outerStates);
        }
    }

    private static void enter(@Nullable ContextHolder loop, @Nullable Context context) {
        if (loop != null) {
            loop.context = context;
        } else if (context != null) {
            OF_THREAD.set(context);
        } else {
            OF_THREAD.remove();
        }
    }

    // The current context

    /** Returns the current context, or null if it is empty and was never requested. */
    static @Nullable Context currentOrNull() {
        ContextHolder loop = ContextHolder.running();
        if (loop == null) {
            return OF_THREAD.get();
        }
        Context context = loop.context;
        return context == null ? loop.contextOfTask() : context;
    }

    /** Returns the current context. */
    static Context current() {
        Context context = currentOrNull();
        if (context == null) {
            ContextHolder loop = ContextHolder.running();
            context = loop == null ? null : loop.makeContextOfTask();
            if (context == null) {
                context = new Context();
                enter(loop, context);
            }
        }
        return context;
    }

    /** Returns a copy of the current context for a callback or task that runs later, or null for an empty context. */
    static @Nullable Context capture() {
        if (!inUse) {
            return null;
        }
        Context context = currentOrNull();
        Bindings bindings = context == null ? Bindings.NONE : context.bindings;
        ThreadStates states = ThreadStates.capture(null);
        return bindings == Bindings.NONE && states == null ? null : new Context(bindings, states);
    }

    // The mirrored states

    /**
     * Makes {@code state} follow tasks and callbacks, as the values of {@link ContextVar}s do. Without it, a state that is kept with the thread
     * shows up in every task of the loop, because they all run on that thread.
     *
     * <p>A task begins with the state of the code that created it, and a callback with the state of the code that scheduled or added it. What
     * a task changes stays with the task: the state is captured when it suspends and restored before it continues, and in between the
     * thread has its own state again. Calls of {@link Asyncio#toThread} and {@link EventLoop#runInExecutor}, and coroutines for {@code
     * Workers} take the state along, too.
     *
     * <p>Applies to all loops, and to tasks and callbacks that are created afterwards. Call it before the first loop runs. Mirroring the same
     * object again has no effect. If {@code state} throws, the first failure is reported to the loop's exception handler, and the task
     * continues.
     *
     * @return an object that stops the mirroring when it is closed; programs that mirror until they end need not keep it
     */
    public static Mirror mirror(ThreadState<?> state) {
        Mirror mirror = Mirror.of(state);
        inUse = true;
        return mirror;
    }

    /**
     * Mirrors every {@code ThreadLocalAccessor} in the global {@code ContextRegistry} of Micrometer, those registered later too. Libraries for
     * logging, tracing and security register theirs there.
     *
     * @return as {@link #mirror}
     * @throws IllegalStateException if {@code io.micrometer:context-propagation}, 1.1 or later, is not on the class path
     */
    public static Mirror mirrorMicrometer() {
        return mirror(MicrometerState.get());
    }

    /** Gives the thread the states of this context. Returns the states of the thread for {@link #leaveStates}; null if nothing is mirrored. */
    @Nullable
    ThreadStates enterStates() {
        ThreadStates outer = ThreadStates.capture(null);
        if (outer != null) {
            if (states == null) {
                states = outer;
            } else {
                states.restore();
            }
        }
        return outer;
    }

    /** Saves the states of the thread in this context, and gives it back {@code outer}, the result of {@link #enterStates}. */
    void leaveStates(@Nullable ThreadStates outer) {
        if (outer != null) {
            saveStates();
            outer.restore();
        }
    }

    private void saveStates() {
        states = ThreadStates.capture(states);
    }

    /** Gives the thread the states of this context, which code that ran in the same context inside this one may have changed. */
    void restoreStates() {
        if (states != null) {
            states.restore();
        }
    }

    /** Saves the states of the thread in the current context, before the thread enters another one. Returns that context, null if nothing was saved. */
    static @Nullable Context saveCurrentStates() {
        Context current = Mirror.open().isEmpty() ? null : currentOrNull();
        if (current != null) {
            current.saveStates();
        }
        return current;
    }

    // The values

    Bindings bindings() {
        return bindings;
    }

    /** Sets {@code variable} and returns its previous value. {@link Bindings#ABSENT} stands for no value. */
    @Nullable
    Object bind(ContextVar<?> variable, @Nullable Object value) {
        inUse = true;
        Object before = bindings.get(variable);
        bindings = bindings.with(variable, value);
        return before;
    }

    /** Returns the value of {@code variable} in this context, or null if it is not set here. The default of the variable is ignored. */
    public <T extends @Nullable Object> @Nullable T get(ContextVar<T> variable) {
        return get(variable, null);
    }

    /** Returns the value of {@code variable} in this context, or {@code fallback} if it is not set here. Its default is ignored. */
    @SuppressWarnings("unchecked") // only values of the type of the variable are set
    public <T extends @Nullable Object> @Nullable T get(ContextVar<T> variable, @Nullable T fallback) {
        Object value = bindings.get(variable);
        return value == Bindings.ABSENT ? fallback : (@Nullable T) value;
    }

    /** Whether {@code variable} is set in this context. */
    public boolean contains(ContextVar<?> variable) {
        return bindings.get(variable) != Bindings.ABSENT;
    }

    /** Returns a snapshot of the variables that are set in this context, with their values. */
    @SuppressWarnings("unchecked") // only variables are set
    public Map<ContextVar<?>, @Nullable Object> asMap() {
        return (Map<ContextVar<?>, @Nullable Object>) (Map<?, @Nullable Object>) bindings.asMap();
    }

    @Override
    public String toString() {
        return "<Context of " + bindings.size() + " variables>";
    }
}
