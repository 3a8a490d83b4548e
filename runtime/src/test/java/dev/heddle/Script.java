package dev.heddle;

import dev.heddle.coroutines.NativeFrame;
import dev.heddle.coroutines.Sneaky;
import dev.heddle.woven.Suspension;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine for tests, written as a list of steps because nothing is woven here. If a step returns an awaitable, it is awaited, and
 * the next step receives its result. The next step receives any other object as it is. The last step returns the result.
 */
public final class Script<T> extends NativeFrame<T> {

    /** A part of the body between two awaits. */
    public interface Step {
        @Nullable
        Object run(@Nullable Object value) throws Throwable;
    }

    /** A handler around everything before it. */
    public interface Handler {
        @Nullable
        Object run(Throwable failure) throws Throwable;
    }

    private static final Native ENTRY = new Native(Asyncio.class, "script");

    private final List<Object> steps = new ArrayList<>();
    private int next;

    private Script() {
        super(ENTRY);
    }

    /** Creates a body that returns null at once, unless steps are added. */
    public static <T> Script<T> script() {
        return new Script<>();
    }

    /** Creates a body that begins with {@code step}. */
    public static <T> Script<T> script(Step step) {
        return Script.<T>script().then(step);
    }

    /** Adds a step, which is skipped after a failure. */
    public Script<T> then(Step step) {
        steps.add(step);
        return this;
    }

    /** Adds a handler, which is skipped if nothing before it failed. */
    public Script<T> handle(Handler handler) {
        steps.add(handler);
        return this;
    }

    @Override
    protected @Nullable Object start() {
        return run(null, null);
    }

    @Override
    protected @Nullable Object resumed(int await) {
        Object value;
        try {
            value = take();
        } catch (Throwable failure) {
            return run(null, failure);
        }
        return run(value, null);
    }

    private @Nullable Object run(@Nullable Object initial, @Nullable Throwable initialFailure) {
        Object value = initial;
        Throwable failure = initialFailure;
        while (next < steps.size()) {
            Object step = steps.get(next++);
            if (failure == null != step instanceof Step) {
                continue;
            }
            try {
                value = failure == null ? ((Step) step).run(value) : ((Handler) step).run(failure);
                failure = null;
                if (value instanceof Awaitable<?> awaitable) {
                    value = await(next, awaitable);
                    if (value == Suspension.SUSPENDED) {
                        return value;
                    }
                }
            } catch (Throwable thrown) {
                failure = thrown;
            }
        }
        if (failure != null) {
            throw Sneaky.thrown(failure);
        }
        return value;
    }
}
