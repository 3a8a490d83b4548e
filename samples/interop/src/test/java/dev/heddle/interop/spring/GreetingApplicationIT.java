package dev.heddle.interop.spring;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.testing.CoroutineAssertions.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.testing.CoroutineTest;
import dev.heddle.testing.EventRecorder;
import dev.heddle.testing.TestLoop;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

@Tag("slow")
@Timeout(120)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"spring.mvc.async.request-timeout=2m", "spring.main.banner-mode=off"})
class GreetingApplicationIT {

    /** Waits for one name until its task is cancelled. */
    static class WaitingGreeter extends Greeter {

        final CompletableFuture<String> ended = new CompletableFuture<>();

        @Override
        @Async
        public Coroutine<String> greet(String name) {
            if (name.equals("silence")) {
                try {
                    await(sleep(Duration.ofDays(1)));
                } catch (CancelledError cancelled) {
                    ended.complete("cancelled");
                    throw cancelled;
                }
            }
            if (name.equals("bug")) {
                throw new AssertionError("a bug");
            }
            return super.greet(name);
        }
    }

    @TestConfiguration
    static class Beans {

        @Bean
        @Primary
        WaitingGreeter waitingGreeter() {
            return new WaitingGreeter();
        }
    }

    private final HttpClient client = HttpClient.newHttpClient();

    @Autowired
    private WaitingGreeter greeter;

    @Value("${local.server.port}")
    private int port;

    private HttpResponse<String> get(String path) {
        URI uri = URI.create("http://localhost:" + port + path);
        return client.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .join();
    }

    @Test
    void theResultIsTheAnswer() {
        assertEquals("hello warp", get("/greet/warp").body());
    }

    @Test
    void failuresGoToTheExceptionHandlerAsTheyAre() {
        HttpResponse<String> answer = get("/greet/007");
        assertEquals(400, answer.statusCode());
        assertEquals("not a name: 007", answer.body());
    }

    @Test
    void anErrorIsAnsweredToo() {
        assertEquals(500, get("/greet/bug").statusCode());
    }

    @Test
    void theTaskOfARequestThatTimesOutIsCancelled(@Autowired RequestMappingHandlerAdapter adapter) {
        adapter.setAsyncRequestTimeout(100); // for this request only, so that the others may take their time
        try {
            assertEquals(503, get("/greet/silence").statusCode());
        } finally {
            adapter.setAsyncRequestTimeout(120_000);
        }
        assertEquals("cancelled", greeter.ended.join());
    }

    /** Virtual time, with a bean of the application. */
    @CoroutineTest
    void longerNamesTakeLonger(TestLoop test, EventRecorder events, @Autowired Greeter bean) {
        test.run(() -> {
            assertEquals("hello warp", await(bean.greet("warp")));
            events.at("greeted");
            await(assertFails(IllegalArgumentException.class, bean.greet("007")));
            return Coroutine.done();
        });
        events.assertEvents("greeted@0.4");
    }
}
