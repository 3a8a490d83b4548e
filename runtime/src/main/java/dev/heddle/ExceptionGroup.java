package dev.heddle;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Several failures at once, as those of a {@link TaskGroup}: Python's {@code ExceptionGroup} and {@code BaseExceptionGroup} in one, as a
 * Java program may catch any throwable. The failures are also the suppressed ones, so that a printed trace shows them.
 */
public class ExceptionGroup extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** The result of {@link #split}: the part that matches and the rest, null where there is none. */
    public record Split(
            @Nullable ExceptionGroup matching, @Nullable ExceptionGroup rest) {}

    @SuppressWarnings("serial") // an immutable list is serializable if its elements are, as throwables are
    private final List<Throwable> exceptions;

    /**
     * A group of {@code exceptions}, in this order, described by {@code message}.
     *
     * @throws IllegalArgumentException if there are none
     */
    public ExceptionGroup(String message, List<? extends Throwable> exceptions) {
        super(Objects.requireNonNull(message, "message"));
        this.exceptions = List.copyOf(exceptions);
        if (this.exceptions.isEmpty()) {
            throw new IllegalArgumentException("an ExceptionGroup needs at least one exception");
        }
        this.exceptions.forEach(this::addSuppressed);
    }

    /** The failures, at least one; those of a group inside are in that group. The list cannot be changed. */
    public List<Throwable> exceptions() {
        return exceptions;
    }

    /**
     * The part of this for which {@code condition} holds, with the nesting, message and trace of this, or null. It is asked about a group
     * before what is in it, and one for which it holds is taken whole. Python's {@code BaseExceptionGroup.subgroup}.
     */
    public @Nullable ExceptionGroup subgroup(Predicate<? super Throwable> condition) {
        return split(condition).matching;
    }

    /** The part of this that {@link #subgroup} gives and the rest, Python's {@code BaseExceptionGroup.split}. */
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
