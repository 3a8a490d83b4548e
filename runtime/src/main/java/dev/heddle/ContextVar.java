// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A variable with a separate value in each {@link Context}, and therefore in each task. If a task sets a value, only that task and the
 * tasks that it creates afterwards see it. Use it for data such as the current request or user. Declare it as a {@code static final} field.
 *
 * <p>Thread-safe. Outside a running loop, each thread has its own context. Corresponds to {@code contextvars.ContextVar}.
 *
 * @param <T> the type of the values
 */
public final class ContextVar<T extends @Nullable Object> extends Bindings.Key {

    /** Remembers the value that {@link #set} replaced, for {@link #reset}. It can be used once, in the same context. */
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

        /** Returns the variable that was set. */
        public ContextVar<T> variable() {
            return variable;
        }

        /** Returns the previous value, or null if there was none. */
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

    /** Creates a variable without a default. The name is used in messages. */
    public ContextVar(String name) {
        this.name = Objects.requireNonNull(name, "name");
        this.defaultValue = Bindings.ABSENT;
    }

    /** Creates a variable whose value is {@code defaultValue} in contexts in which it was not set. */
    public ContextVar(String name, T defaultValue) {
        this.name = Objects.requireNonNull(name, "name");
        this.defaultValue = defaultValue;
    }

    /** Returns the name. */
    public String name() {
        return name;
    }

    /**
     * Returns the value in the current context, or the default.
     *
     * @throws NoSuchElementException if there is neither a value nor a default
     */
    public T get() {
        Object value = valueOr(defaultValue);
        if (value == Bindings.ABSENT) {
            throw new NoSuchElementException(
                    this + " has no value here and no default; set it, or give get a fallback");
        }
        return cast(value);
    }

    /** Returns the value in the current context, or {@code fallback}. */
    public T get(T fallback) {
        return cast(valueOr(fallback));
    }

    private @Nullable Object valueOr(@Nullable Object fallback) {
        Context context = Context.currentOrNull();
        Object value = context == null ? Bindings.ABSENT : context.bindings().get(this);
        return value == Bindings.ABSENT ? fallback : value;
    }

    /** Sets the value in the current context. Returns a token that undoes the change, see {@link #reset}. */
    public Token<T> set(T value) {
        Context context = Context.current();
        return new Token<>(this, context, context.bind(this, value));
    }

    /**
     * Restores the value that this variable had before the {@code set} that returned {@code token}. If it had none, it is unset.
     *
     * @throws IllegalArgumentException if {@code token} belongs to another variable or was created in another context
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
