package dev.heddle.sync;

import dev.heddle.coroutines.NativeFrame;
import dev.heddle.woven.Suspension;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The coroutine that {@link Condition#waitUntil} gives. */
final class UntilFrame extends NativeFrame<Boolean> {

    private static final Native ENTRY = new Native(Condition.class, "waitUntil");

    private final Condition condition;
    private final BooleanSupplier predicate;

    UntilFrame(Condition condition, BooleanSupplier predicate) {
        super(ENTRY);
        this.condition = condition;
        this.predicate = predicate;
    }

    @Override
    protected @Nullable Object start() {
        return check();
    }

    @Override
    protected @Nullable Object resumed(int await) {
        take();
        return check();
    }

    private Object check() {
        while (!predicate.getAsBoolean()) {
            if (await(1, condition.waitNotified()) == Suspension.SUSPENDED) {
                return Suspension.SUSPENDED;
            }
        }
        return true;
    }
}
