// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Combines several failures into one, for example the failures of a {@link TaskGroup}. The failures are also its suppressed exceptions, so
 * a printed stack trace shows them. Corresponds to both {@code ExceptionGroup} and {@code BaseExceptionGroup}, because a Java program may
 * catch any throwable.
 */
public class ExceptionGroup extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** The result of {@link #split}: the part that matches, and the rest. Either may be null. */
    public record Split(
            @Nullable ExceptionGroup matching, @Nullable ExceptionGroup rest) {}

    @SuppressWarnings("serial") // an immutable list is serializable if its elements are, as throwables are
    private final List<Throwable> exceptions;

    /**
     * Creates a group of {@code exceptions}, in this order.
     *
     * @throws IllegalArgumentException if {@code exceptions} is empty
     */
    public ExceptionGroup(String message, List<? extends Throwable> exceptions) {
        super(Objects.requireNonNull(message, "message"));
        this.exceptions = List.copyOf(exceptions);
        if (this.exceptions.isEmpty()) {
            throw new IllegalArgumentException("an ExceptionGroup needs at least one exception");
        }
        this.exceptions.forEach(this::addSuppressed);
    }

    /** Returns the failures, at least one. The failures of a nested group are in that group. The list is immutable. */
    public List<Throwable> exceptions() {
        return exceptions;
    }

    /**
     * Returns the part of this group for which {@code condition} holds, or null. The part has the nesting, the message and the stack trace
     * of this group. A group is tested before its members; if the condition holds for it, it is included as a whole. Corresponds to {@code
     * BaseExceptionGroup.subgroup}.
     */
    public @Nullable ExceptionGroup subgroup(Predicate<? super Throwable> condition) {
        return split(condition).matching;
    }

    /** Returns the part that {@link #subgroup} returns, and the rest. Corresponds to {@code BaseExceptionGroup.split}. */
    public Split split(Predicate<? super Throwable> condition) {
        if (condition.test(this)) {
            return new Split(this, null);
        }
        List<Throwable> matching = new ArrayList<>();
        List<Throwable> rest = new ArrayList<>();
        for (Throwable exception : exceptions) {
            if (exception instanceof ExceptionGroup group) {
                Split split = group.split(condition);
                addTo(matching, split.matching);
                addTo(rest, split.rest);
            } else {
                (condition.test(exception) ? matching : rest).add(exception);
            }
        }
        return new Split(part(matching), part(rest));
    }

    private static void addTo(List<Throwable> list, @Nullable ExceptionGroup part) {
        if (part != null) {
            list.add(part);
        }
    }

    private @Nullable ExceptionGroup part(List<Throwable> members) {
        if (members.isEmpty()) {
            return null;
        }
        ExceptionGroup part = new ExceptionGroup(Objects.requireNonNull(getMessage()), members);
        part.initCause(getCause());
        part.setStackTrace(getStackTrace());
        return part;
    }
}
