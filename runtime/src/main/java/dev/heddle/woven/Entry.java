package dev.heddle.woven;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Continues the body of one woven method. A woven class makes its entries as lambdas over a synthetic method of its own, which calls the
 * bodies; there is one entry a method, which all frames of the method share.
 */
@FunctionalInterface
public interface Entry {

    /**
     * Runs the body from where {@code frame} stands to its next suspension or its end.
     *
     * @param frame the frame, or null to ask for the {@link AsyncMethod} of the body, which does not run then
     * @return the result, or {@link Suspension#SUSPENDED}
     */
    @Nullable
    Object resume(@Nullable Frame<?> frame);

    /** Where the body stands in its source. */
    default AsyncMethod method() {
        return (AsyncMethod) Objects.requireNonNull(resume(null));
    }
}
