package dev.heddle;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Values of {@link ContextVar}s: Python's {@code contextvars.Context}. Each task runs in one, by default a copy of the one in which
 * the task was made; a callback runs in a copy of the one in which it was scheduled or added. Outside a running loop each thread
 * has its own.
 *
 * <p>A context is used by one thread at a time.
 */
public final class Context {

    /** The context of a thread while it runs no loop. Null before a variable was set there. */
    private static final ThreadLocal<@Nullable Context> OF_THREAD = new ThreadLocal<>();

    /** Whether a variable was ever set in this process, as long as which nothing need be captured. Set by any thread, once. */
    private static volatile boolean inUse;

    private Bindings bindings;

    /** Whether {@link #run} is going on. */
    private boolean entered;

    /** An empty context. */
    public Context() {
        this(Bindings.NONE);
    }

    private Context(Bindings bindings) {
        this.bindings = bindings;
    }

    /** A copy of the current context, Python's {@code contextvars.copy_context}. */
    public static Context copyCurrent() {
        Context current = currentOrNull();
        return current == null ? new Context() : current.copy();
    }

    /** A context with the same values, in which other values can be set. */
    public Context copy() {
        return new Context(bindings);
    }

    /**
     * Calls {@code callable} in this context, so that what it sets is set here, and returns what it gives; what it throws is thrown, checked
     * exceptions too.
     *
     * @throws IllegalStateException if this context is the current one, or {@code run} goes on in it
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
        EventLoop loop = RunningLoop.orNull();
        return loop != null && (loop.context == this || ofTask(loop) == this);
    }

    private static @Nullable Context ofTask(EventLoop loop) {
        Task<?> task = loop.current();
        return task == null ? null : task.contextOrNull();
    }

    /** As {@link #run}, even if this is entered. */
    <T extends @Nullable Object> T call(Callable<T> callable) {
        EventLoop loop = RunningLoop.orNull();
        Context outer = loop == null ? OF_THREAD.get() : loop.context;
        enter(loop, this);
        try {
            return callable.call();
        } catch (Throwable failure) {
            throw Throwables.<RuntimeException>sneaky(failure);
        } finally {
            enter(loop, outer);
        }
    }

    private static void enter(@Nullable EventLoop loop, @Nullable Context context) {
        if (loop != null) {
            loop.context = context;
        } else if (context != null) {
            OF_THREAD.set(context);
        } else {
            OF_THREAD.remove();
        }
    }

    // The current context

    /** The current context, or null as long as it is empty and nobody has asked for it. */
    static @Nullable Context currentOrNull() {
        EventLoop loop = RunningLoop.orNull();
        if (loop == null) {
            return OF_THREAD.get();
        }
        Context context = loop.context;
        return context == null ? ofTask(loop) : context;
    }

    /** The current context. */
    static Context current() {
        Context context = currentOrNull();
        if (context == null) {
            EventLoop loop = RunningLoop.orNull();
            Task<?> task = loop == null ? null : loop.current();
            if (task != null) {
                return task.context();
            }
            context = new Context();
            enter(loop, context);
        }
        return context;
    }

    /** A copy of the current context for what is going to run later, or null for an empty one. */
    static @Nullable Context capture() {
        if (!inUse) {
            return null;
        }
        Context context = currentOrNull();
        return context == null || context.bindings == Bindings.NONE ? null : context.copy();
    }

    // The values

    Bindings bindings() {
        return bindings;
    }

    /** Sets {@code variable}, to {@link Bindings#ABSENT} for no value, and returns the value before. */
    @Nullable
    Object bind(ContextVar<?> variable, @Nullable Object value) {
        inUse = true;
        Object before = bindings.get(variable);
        bindings = bindings.with(variable, value);
        return before;
    }

    /** The value of {@code variable} here, or null if it is not set; its default does not count. */
    public <T extends @Nullable Object> @Nullable T get(ContextVar<T> variable) {
        return get(variable, null);
    }

    /** The value of {@code variable} here, or {@code fallback} if it is not set; its default does not count. */
    @SuppressWarnings("unchecked") // only values of the type of the variable are set
    public <T extends @Nullable Object> @Nullable T get(ContextVar<T> variable, @Nullable T fallback) {
        Object value = bindings.get(variable);
        return value == Bindings.ABSENT ? fallback : (@Nullable T) value;
    }

    /** Whether {@code variable} is set here. */
    public boolean contains(ContextVar<?> variable) {
        return bindings.get(variable) != Bindings.ABSENT;
    }

    /** The variables that are set here with their values, as they are now. */
    @SuppressWarnings("unchecked") // only variables are set
    public Map<ContextVar<?>, @Nullable Object> asMap() {
        return (Map<ContextVar<?>, @Nullable Object>) (Map<?, @Nullable Object>) bindings.asMap();
    }

    @Override
    public String toString() {
        return "<Context of " + bindings.size() + " variables>";
    }
}
