// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.crawl;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.TimeoutException;
import java.io.IOException;
import java.net.URI;

/** Fetches pages over HTTP. Each request has a time limit, and is repeated after a temporary failure. */
final class Fetcher {

    private static final int MAX_BYTES = 1 << 20;
    private static final double FIRST_PAUSE_SECONDS = 0.1;

    private final Client client;
    private final Options options;
    private final Stats stats;

    Fetcher(Options options, Stats stats) {
        this.client = options.client().equals("heddle") ? new HeddleClient(MAX_BYTES) : new JdkClient(MAX_BYTES);
        this.options = options;
        this.stats = stats;
    }

    /** Fetches the page at {@code uri}. The pause before each retry is twice as long as the one before. */
    @Async
    Coroutine<Page> fetch(URI uri) throws FetchException {
        double pause = FIRST_PAUSE_SECONDS;
        for (int retriesLeft = options.retries(); ; retriesLeft--) {
            try {
                return Coroutine.of(await(attempt(uri)));
            } catch (FetchException failure) {
                if (!failure.isPassing() || retriesLeft == 0) {
                    throw failure;
                }
            }
            stats.retried();
            await(sleep(pause));
            pause *= 2;
        }
    }

    @Async
    private Coroutine<Page> attempt(URI uri) throws FetchException {
        double start = stats.requestStarts();
        Client.Answer answer;
        try {
            answer = await(waitFor(client.get(uri), options.timeout()));
        } catch (TimeoutException timeout) {
            throw FetchException.ofTimeout(timeout);
        } catch (IOException failure) {
            throw FetchException.of(failure);
        } finally {
            stats.requestEnds();
        }
        URI redirect =
                answer.isRedirect() ? Urls.resolve(uri, answer.location()).orElse(null) : null;
        if (answer.status() >= 300 && redirect == null) {
            throw FetchException.ofStatus(answer.status());
        }
        return Coroutine.of(new Page(uri, answer.contentType(), answer.body(), stats.secondsSince(start), redirect));
    }

    void close() {
        client.close();
    }
}
