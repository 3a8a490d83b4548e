// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.crawl;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** The client of the JDK. Its threads complete the stages that the coroutines await. */
final class JdkClient implements Client {

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final int maxBytes;

    /** Reads at most {@code maxBytes} of each body. */
    JdkClient(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Async
    @Override
    public Coroutine<Answer> get(URI uri) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("User-Agent", "heddle-crawl")
                .header("Accept", "text/html, */*;q=0.5")
                .build();
        HttpResponse<BoundedBody.Content> response = await(client.sendAsync(request, BoundedBody.ofAtMost(maxBytes)));
        return Coroutine.of(new Answer(
                response.statusCode(), field(response, "Content-Type"), field(response, "Location"), response.body()));
    }

    private static String field(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @Override
    public void close() {
        // The client ends by itself once nobody uses it.
    }
}
