package dev.heddle.futures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.heddle.EventLoop;
import dev.heddle.Future;
import dev.heddle.cpython.Mirrors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The done-callbacks of {@code test_futures}. */
class CPythonFutureCallbacksIT {

    private final EventLoop loop = EventLoop.virtualTime();
    private final Future<String> future = loop.createFuture();
    private final List<Integer> bag = new ArrayList<>();

    @AfterEach
    void close() {
        loop.close();
    }

    private Consumer<Future<String>> callback(int thing) {
        return done -> bag.add(thing);
    }

    /** Lets the callbacks run that remain. */
    private void complete(Integer... expected) {
        assertEquals(List.of(), bag);
        future.setResult("foo");
        loop.stop();
        loop.runForever();
        assertEquals(List.of(expected), bag);
        assertEquals("foo", future.result());
    }

    @Test
    @Mirrors("test_futures.BaseFutureDoneCallbackTests.test_callbacks_remove_first_callback")
    void firstIsRemoved() {
        Consumer<Future<String>> first = callback(42);
        future.addDoneCallback(first);
        future.addDoneCallback(callback(17));
        future.addDoneCallback(callback(100));
        assertEquals(1, future.removeDoneCallback(first));
        assertEquals(0, future.removeDoneCallback(first));
        complete(17, 100);
    }

    @Test
    @Mirrors("test_futures.BaseFutureDoneCallbackTests.test_callbacks_remove_first_and_second_callback")
    void firstAndSecondAreRemoved() {
        Consumer<Future<String>> first = callback(42);
        Consumer<Future<String>> second = callback(17);
        future.addDoneCallback(first);
        future.addDoneCallback(second);
        future.addDoneCallback(callback(100));
        assertEquals(1, future.removeDoneCallback(first));
        assertEquals(1, future.removeDoneCallback(second));
        assertEquals(0, future.removeDoneCallback(first));
        complete(100);
    }

    @Test
    @Mirrors("test_futures.BaseFutureDoneCallbackTests.test_callbacks_remove_third_callback")
    void thirdIsRemoved() {
        Consumer<Future<String>> third = callback(100);
        future.addDoneCallback(callback(42));
        future.addDoneCallback(callback(17));
        future.addDoneCallback(third);
        assertEquals(1, future.removeDoneCallback(third));
        assertEquals(0, future.removeDoneCallback(third));
        complete(42, 17);
    }

    @Test
    @Mirrors("test_futures.BaseFutureDoneCallbackTests.test_callbacks_invoked_on_set_result")
    void areCalledForAResult() {
        future.addDoneCallback(callback(42));
        future.addDoneCallback(callback(17));
        complete(42, 17);
    }

    @Test
    @Mirrors("test_futures.BaseFutureDoneCallbackTests.test_callbacks_invoked_on_set_exception")
    void areCalledForAFailure() {
        IOException failure = new IOException();
        future.addDoneCallback(callback(100));
        future.setException(failure);
        assertEquals(List.of(), bag);
        loop.stop();
        loop.runForever();
        assertEquals(List.of(100), bag);
        assertSame(failure, future.exception());
    }

    @Test
    @Mirrors("test_futures.BaseFutureDoneCallbackTests.test_remove_done_callback")
    void everyOneThatEqualsIsRemoved() {
        Consumer<Future<String>> first = callback(1);
        Consumer<Future<String>> second = callback(2);
        future.addDoneCallback(first);
        future.addDoneCallback(second);
        assertEquals(1, future.removeDoneCallback(second));
        assertEquals(0, future.removeDoneCallback(callback(3)));
        future.addDoneCallback(second);
        for (int i = 0; i < 5; i++) {
            future.addDoneCallback(first);
        }
        assertEquals(6, future.removeDoneCallback(first));
        complete(2);
    }

    /** A callback that does something to the future when it is compared. */
    private final class Evil implements Consumer<Future<String>> {

        private final Runnable whenCompared;

        Evil(Runnable whenCompared) {
            this.whenCompared = whenCompared;
        }

        @Override
        public void accept(Future<String> done) {
            bag.add(666);
        }

        @Override
        public boolean equals(Object other) {
            whenCompared.run();
            return this == other;
        }

        @Override
        public int hashCode() {
            return 0;
        }
    }

    @Test
    @Mirrors({
        "test_futures.BaseFutureDoneCallbackTests.test_remove_done_callbacks_list_mutation",
        "test_futures.BaseFutureDoneCallbackTests.test_remove_done_callbacks_list_clear"
    })
    void comparingMayRemoveOthers() {
        Consumer<Future<String>> other = callback(1);
        Consumer<Future<String>> sought = callback(2);
        boolean[] removing = {false};
        future.addDoneCallback(new Evil(() -> {
            if (!removing[0]) {
                removing[0] = true;
                future.removeDoneCallback(other);
            }
        }));
        for (int i = 0; i < 63; i++) {
            future.addDoneCallback(other);
        }
        future.addDoneCallback(sought);
        assertEquals(1, future.removeDoneCallback(sought));
        complete(666);
    }

    @Test
    @Mirrors("test_futures.BaseFutureDoneCallbackTests.test_schedule_callbacks_list_mutation_2")
    void comparingMayAddOthers() {
        Consumer<Future<String>> sought = callback(2);
        future.addDoneCallback(new Evil(() -> future.addDoneCallback(callback(3))));
        future.addDoneCallback(sought);
        assertEquals(1, future.removeDoneCallback(sought));
        complete(666, 3);
    }

    @Test
    @Mirrors("test_futures.BaseFutureDoneCallbackTests.test_schedule_callbacks_list_mutation_1")
    void callbackMayRemoveOthers() {
        Consumer<Future<String>> other = callback(1);
        future.addDoneCallback(done -> bag.add(done.removeDoneCallback(other)));
        future.addDoneCallback(other);
        future.addDoneCallback(other);
        complete(0, 1, 1);
    }
}
