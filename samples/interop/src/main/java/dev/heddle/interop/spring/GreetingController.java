// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.interop.spring;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.workers.Workers;
import java.util.concurrent.CompletableFuture;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;

/** Answers requests when their coroutines are done. */
@RestController
class GreetingController {

    private final Workers workers;
    private final Greeter greeter;

    GreetingController(Workers workers, Greeter greeter) {
        this.workers = workers;
        this.greeter = greeter;
    }

    @GetMapping("/greet/{name}")
    DeferredResult<String> greet(@PathVariable("name") String name) {
        return answer(() -> greeter.greet(name));
    }

    /** The failure of a coroutine comes here as it was thrown. */
    @ExceptionHandler
    @ResponseStatus(HttpStatus.BAD_REQUEST)
    String refuse(IllegalArgumentException failure) {
        return String.valueOf(failure.getMessage());
    }

    /**
     * Runs {@code body} on a worker, and answers with its outcome. If the request times out ({@code spring.mvc.async.request-timeout}) or its connection breaks, Spring completes
     * it without the outcome, and the task is cancelled.
     */
    private <T> DeferredResult<T> answer(AsyncSupplier<T> body) {
        DeferredResult<T> answer = new DeferredResult<>();
        CompletableFuture<Void> task = workers.submit(() -> answer(body, answer));
        answer.onCompletion(() -> task.cancel(true));
        return answer;
    }

    @Async
    private static <T> Coroutine<Void> answer(AsyncSupplier<T> body, DeferredResult<T> answer) {
        try {
            answer.setResult(await(body.get()));
        } catch (CancelledError cancelled) {
            throw cancelled; // Spring has answered
        } catch (Throwable failure) { // an Error, too: without an answer, the client would wait for the time-out
            answer.setErrorResult(failure);
        }
        return Coroutine.done();
    }
}
