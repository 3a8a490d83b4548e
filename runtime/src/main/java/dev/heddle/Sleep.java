package dev.heddle;

import dev.heddle.spi.Suspendable;
import org.jspecify.annotations.Nullable;

/** A wait for a time. */
final class Sleep<T> extends Suspendable implements Awaitable<T> {

    @Override
    protected @Nullable Object begin() { throw new UnsupportedOperationException("not yet"); }
}
