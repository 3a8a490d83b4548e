package dev.heddle.samples.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Coroutine;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class HeadersTest {

    @Test
    void comparesTokensWithoutRegardToTheCaseOfAscii() {
        Headers headers = new Headers().add("Connection", "a, CLOSE ").add("connection", "clo\u017fe, \u212aeep-alive");
        assertTrue(headers.lists("CONNECTION", "close"));
        assertTrue(headers.lists("Connection", "a"));
        assertFalse(headers.lists("Connection", "keep-alive"));
        assertFalse(new Headers().add("Connection", "clo\u017fe").lists("Connection", "close"));
        assertEquals(2, headers.all("Connection").size());
    }

    /** Text that would end its line and begin another field or message. */
    @Test
    void nothingThatAProgramSetsBreaksTheMessage() {
        String evil = "a\r\nSet-Cookie: b";
        URI uri = URI.create("http://localhost/");
        List<Executable> attempts = List.of(
                () -> new Headers().add("X", evil),
                () -> new Headers().add(evil, "a"),
                () -> Content.of(evil, new byte[0]),
                () -> Content.stream(evil, out -> Coroutine.done()),
                () -> new ClientRequest(evil, uri, new Headers(), Content.NONE),
                () -> new ClientRequest("", uri, new Headers(), Content.NONE));
        for (Executable each : attempts) {
            assertThrows(IllegalArgumentException.class, each);
        }
    }
}
