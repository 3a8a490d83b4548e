package dev.heddle.samples.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestLineTest {

    @Test
    void dropsSchemeAndHostOfAnAbsoluteTarget() throws Exception {
        Map<String, String> targets = Map.of(
                "/a?b=/c", "/a?b=/c",
                "*", "*",
                "http://host", "/",
                "http://host/a?b=/c", "/a?b=/c",
                "http://host?b=/c", "/?b=/c",
                "http://host?", "/?",
                "HTTP://host:80/a", "/a",
                "http://[::1]:80/a", "/a",
                "/http://host/", "/http://host/");
        for (Map.Entry<String, String> each : targets.entrySet()) {
            assertEquals(
                    each.getValue(),
                    RequestLine.parse("GET " + each.getKey() + " HTTP/1.1").target(),
                    each.getKey());
        }
    }

    @Test
    void refusesAnAbsoluteTargetWithoutAHost() {
        for (String target :
                List.of("http://", "http:///a", "http://?a", "http://a@b/", "http://a#b", "https://a/", "http:/a")) {
            assertThrows(BadMessageException.class, () -> RequestLine.parse("GET " + target + " HTTP/1.1"), target);
        }
    }
}
