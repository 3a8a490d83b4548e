package dev.heddle.samples.crawl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.net.ProtocolException;
import org.junit.jupiter.api.Test;

class FetchExceptionTest {

    @Test
    void onlyALostConnectionIsWorthAnotherRequest() {
        FetchException malformed = FetchException.of(new ProtocolException("malformed status line"));
        assertEquals("malformed response: malformed status line", malformed.reason());
        assertFalse(malformed.isPassing());
        FetchException lost = FetchException.of(new EOFException());
        assertEquals("connection lost", lost.reason());
        assertTrue(lost.isPassing());
    }
}
