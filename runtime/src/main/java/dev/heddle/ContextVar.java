package dev.heddle;

import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A variable with a value in each {@link Context}, and thereby in each task: Python's {@code contextvars.ContextVar}. What one
 * task sets no other task sees, but those that it makes afterwards. Declare it as a {@code static final} field.
 *
 * <p>May be used on any thread; outside a running loop each thread has a context of its own.
 *
 * @param <T> the type of the values
 */
public final class ContextVar<T extends @Nullable Object> extends Bindings.Key {

    /** The value that {@link #set} replaced, for {@link #reset}. It serves one reset, in the context of the {@code set}. */
    public static final class Token<T extends @Nullable Object> {

        private final ContextVar<T> variable;
        private final Context context;

        /** {@link Bindings#ABSENT} if the variable had no value. */
        private final @Nullable Object oldValue;

        private boolean used;

        private Token(ContextVar<T> variable, Context context, @Nullable Object oldValue) {
            this.variable = variable;
            this.context = context;
            this.oldValue = oldValue;
        }

        /** The variable that was set. */
        public ContextVar<T> variable() {
            return variable;
        }

        /** The value before, or null if there was none. */
        @SuppressWarnings("unchecked") // a value of the variable
        public @Nullable T oldValue() {
            return oldValue == Bindings.ABSENT ? null : (@Nullable T) oldValue;
        }

        @Override
        public String toString() {
            return "<Token" + (used ? " used" : "") + " of " + variable + ">";
        }
    }

    private final String name;

    /** {@link Bindings#ABSENT} if there is none. */
    private final @Nullable Object defaultValue;

    /** A variable without a default; the name is for messages. */
    public ContextVar(String name) {
        this.name = Objects.requireNonNull(name, "name");
        this.defaultValue = Bindings.ABSENT;
    }

    /** A variable that has {@code defaultValue} where it was not set. */
    public ContextVar(String name, T defaultValue) {
        this.name = Objects.requireNonNull(name, "name");
        this.defaultValue = defaultValue;
    }

    /** The name. */
    public String name() {
        return name;
    }

    /**
     * The value in the current context, else the default.
     *
     * @throws NoSuchElementException if there is neither
     */
    public T get() {
        Object value = valueOr(defaultValue);
        if (value == Bindings.ABSENT) {
            throw new NoSuchElementException(
                    this + " has no value here and no default; set it, or give get a fallback");
        }
        return cast(value);
    }

    /** The value in the current context, else {@code fallback}. */
    public T get(T fallback) {
        return cast(valueOr(fallback));
    }

    private @Nullable Object valueOr(@Nullable Object fallback) {
        Context context = Context.currentOrNull();
        Object value = context == null ? Bindings.ABSENT : context.bindings().get(this);
        return value == Bindings.ABSENT ? fallback : value;
    }

    /** Sets the value in the current context, and gives what takes it back, see {@link #reset}. */
    public Token<T> set(T value) {
        Context context = Context.current();
        return new Token<>(this, context, context.bind(this, value));
    }

    /**
     * Gives this the value that it had before the {@code set} that returned {@code token}, or none.
     *
     * @throws IllegalArgumentException if {@code token} is of another variable, or the current context is not the one in which it was made
     * @throws IllegalStateException if {@code token} was used before
     */
    public void reset(Token<T> token) {
        if (token.used) {
            throw new IllegalStateException(token + " has already been used once");
        }
        if (token.variable != this) {
            throw new IllegalArgumentException(token + " was created by a different ContextVar than " + this);
        }
        if (token.context != Context.currentOrNull()) {
            throw new IllegalArgumentException(token + " was created in a different Context");
        }
        token.used = true;
        token.context.bind(this, token.oldValue);
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // only values of this type are set, null where that is one
    private T cast(@Nullable Object value) {
        return (T) value;
    }

    @Override
    public String toString() {
        return "<ContextVar " + name + ">";
    }
}
