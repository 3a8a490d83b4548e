package dev.heddle;

/** The state of a future as a part of its text. */
final class FutureText {

    private FutureText() {}

    /** The state, an ellipsis if the text of {@code future} is being made of which this is a part. */
    static String of(Future<?> future) {
        if (future.describing) {
            return "..."; // the future is in its own result
        }
        future.describing = true;
        try {
            return outcome(future) + future.loop.creations.text(future);
        } finally {
            future.describing = false;
        }
    }

    private static String outcome(Future<?> future) {
        return switch (future.state) {
            case Future.PENDING -> future.waiters() == 0 ? "pending" : "pending waiters=" + future.waiters();
            case Future.FINISHED -> "finished result=" + Text.of(future.value());
            case Future.CANCELLED -> "cancelled";
            default -> "finished exception=" + Text.of(future.failureSeen());
        };
    }
}
