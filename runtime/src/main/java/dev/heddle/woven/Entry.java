// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.woven;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Continues the body of one woven method. A woven class makes its entries as lambdas over one of its synthetic methods, which calls the bodies. All
 * frames of a method share one entry.
 */
@FunctionalInterface
public interface Entry {

    /**
     * Runs the body from the point at which {@code frame} is suspended to its next suspension or its end. If {@code frame} is null, the body does not run,
     * and the {@link AsyncMethod} of the body is returned.
     *
     * @return the result, or {@link Suspension#SUSPENDED}
     */
    @Nullable
    Object resume(@Nullable Frame<?> frame);

    /** Returns the source position of the body. */
    default AsyncMethod method() {
        return (AsyncMethod) Objects.requireNonNull(resume(null));
    }
}
