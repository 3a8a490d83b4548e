package dev.heddle.coroutines;

/** Throws checked exceptions where no {@code throws} clause allows them, so that exceptions of a lambda reach the task that runs it. */
public final class Sneaky {

    private Sneaky() {}

    /** Throws {@code failure} as it is, checked or not; the return type lets callers write {@code throw}. */
    public static RuntimeException thrown(Throwable failure) {
        throw Sneaky.<RuntimeException>as(failure);
    }

    @SuppressWarnings("unchecked") // X is inferred as RuntimeException; nothing is cast at run time
    private static <X extends Throwable> RuntimeException as(Throwable failure) throws X {
        throw (X) failure;
    }
}
