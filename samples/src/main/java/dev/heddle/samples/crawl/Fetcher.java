package dev.heddle.samples.crawl;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.TimeoutException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/** Fetches pages over HTTP. Each request has a time limit, and is repeated after a temporary failure. */
final class Fetcher {

    private static final int MAX_BYTES = 1 << 20;
    private static final double FIRST_PAUSE_SECONDS = 0.1;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final Options options;
    private final Stats stats;

    Fetcher(Options options, Stats stats) {
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
        HttpResponse<BoundedBody.Content> response;
        try {
            response = await(waitFor(send(uri), options.timeout()));
        } catch (TimeoutException timeout) {
            throw FetchException.ofTimeout(timeout);
        } catch (IOException failure) {
            throw FetchException.of(failure);
        } finally {
            stats.requestEnds();
        }
        URI redirect = redirect(response);
        if (response.statusCode() >= 300 && redirect == null) {
            throw FetchException.ofStatus(response.statusCode());
        }
        String contentType = response.headers().firstValue("Content-Type").orElse("");
        return Coroutine.of(new Page(uri, contentType, response.body(), stats.secondsSince(start), redirect));
    }

    @Async
    private Coroutine<HttpResponse<BoundedBody.Content>> send(URI uri) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("User-Agent", "heddle-crawl")
                .header("Accept", "text/html, */*;q=0.5")
                .build();
        HttpResponse<BoundedBody.Content> response = await(client.sendAsync(request, BoundedBody.ofAtMost(MAX_BYTES)));
        return Coroutine.of(response);
    }

    private static @Nullable URI redirect(HttpResponse<?> response) {
        if (response.statusCode() < 300 || response.statusCode() >= 400) {
            return null;
        }
        return response.headers()
                .firstValue("Location")
                .flatMap(location -> Urls.resolve(response.uri(), location))
                .orElse(null);
    }
}
