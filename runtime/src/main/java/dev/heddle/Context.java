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
 * <p>A context may be used by only one thread at a time. Corresponds to {@code contextvars.Context}.
 */
public final class Context {

    /** The context of a thread while it runs no loop. Null before a variable was set there. */
    private static final ThreadLocal<@Nullable Context> OF_THREAD = new ThreadLocal<>();

    /** Whether a variable was ever set in this process. Until then, contexts need not be captured. Set once, by any thread. */
    private static volatile boolean inUse;

    private Bindings bindings;

    /** Whether a call of {@link #run} is in progress. */
    private boolean entered;

    /** Creates an empty context. */
    public Context() {
        this(Bindings.NONE);
    }

    private Context(Bindings bindings) {
        this.bindings = bindings;
    }

    /** Returns a copy of the current context. Corresponds to {@code contextvars.copy_context}. */
    public static Context copyCurrent() {
        Context current = currentOrNull();
        return current == null ? new Context() : current.copy();
    }

    /** Returns an independent context with the same values. */
    public Context copy() {
        return new Context(bindings);
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
        enter(loop, this);
        try {
            return callable.call();
        } catch (Throwable failure) {
            throw Sneaky.thrown(failure);
        } finally {
            enter(loop, outer);
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
        return context == null || context.bindings == Bindings.NONE ? null : context.copy();
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
