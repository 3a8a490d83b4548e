package dev.heddle.samples.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

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
}
