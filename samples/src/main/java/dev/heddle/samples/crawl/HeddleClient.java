// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.crawl;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.samples.http.ClientRequest;
import dev.heddle.samples.http.ClientResponse;
import dev.heddle.samples.http.HttpClient;
import dev.heddle.samples.http.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;

/** The client of the sample {@code http}. Everything happens on the thread of the loop. */
final class HeddleClient implements Client {

    private static final int MOST_CONNECTIONS = 1_000;
    private static final Limits LIMITS = new Limits(64 << 10, 1_000, Long.MAX_VALUE);
    private static final Duration TIME_OUT = Duration.ofDays(1); // the crawl has a limit of its own

    private final HttpClient client = new HttpClient(MOST_CONNECTIONS, LIMITS, TIME_OUT);
    private final int maxBytes;

    /** Reads at most {@code maxBytes} of each body. */
    HeddleClient(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Async
    @Override
    public Coroutine<Answer> get(URI uri) throws IOException {
        ClientRequest request = ClientRequest.get(uri);
        request.headers().add("User-Agent", "heddle-crawl").add("Accept", "text/html, */*;q=0.5");
        try (ClientResponse response = await(client.send(request))) {
            BoundedBody.Content body = await(content(response));
            return Coroutine.of(
                    new Answer(response.status(), field(response, "Content-Type"), field(response, "Location"), body));
        }
    }

    /** Reads the body, up to the limit. */
    @Async
    private Coroutine<BoundedBody.Content> content(ClientResponse response) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ByteBuffer part = ByteBuffer.allocate(16 << 10);
        while (await(response.read(part)) >= 0) {
            int room = maxBytes - bytes.size();
            bytes.write(part.array(), 0, Math.min(part.position(), room));
            if (part.position() > room) {
                return Coroutine.of(new BoundedBody.Content(ByteBuffer.wrap(bytes.toByteArray()), true));
            }
            part.clear();
        }
        return Coroutine.of(new BoundedBody.Content(ByteBuffer.wrap(bytes.toByteArray()), false));
    }

    private static String field(ClientResponse response, String name) {
        return Objects.requireNonNullElse(response.headers().get(name), "");
    }

    @Override
    public void close() {
        client.close();
    }
}
