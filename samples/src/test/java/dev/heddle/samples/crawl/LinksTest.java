package dev.heddle.samples.crawl;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinksTest {

    private static final URI BASE = URI.create("http://example.com/dir/page.html?q=1");

    @Test
    void resolvesEveryKindOfReference() {
        String html = """
                <a href="other.html">relative</a> <a href="/top">from the root</a> <a href="../up">up</a>
                <a href="?q=2">query</a> <a href="#part">fragment</a> <a href="other.html#part">again</a>
                <a href="HTTPS://Example.ORG:443">elsewhere</a> <a href=" my file.html ">spaces</a>
                <a href="mailto:a@example.com">mail</a> <a href="javascript:void(0)">script</a> <a>none</a>
                <a href="http://[broken">broken</a> <a href="a?b=1&amp;c=2">entity""";
        assertEquals(
                List.of(
                        "http://example.com/dir/other.html",
                        "http://example.com/top",
                        "http://example.com/up",
                        "http://example.com/dir/page.html?q=2",
                        "http://example.com/dir/page.html?q=1",
                        "https://example.org/",
                        "http://example.com/dir/my%20file.html",
                        "http://example.com/dir/a?b=1&c=2"),
                links("text/html", html.getBytes(UTF_8)));
    }

    @Test
    void honoursTheBaseOfTheDocument() {
        String html = "<base href='http://example.com/elsewhere/'><a href='x'>x</a>";
        assertEquals(List.of("http://example.com/elsewhere/x"), links("text/html", html.getBytes(UTF_8)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/html; charset=ISO-8859-1 | <a href='café'>",
                "text/html; Charset=\"iso-8859-1\" | <a href='café'>",
                "text/html | <meta charset='iso-8859-1'><a href='café'>",
                "text/html; charset=nonsense | <meta charset='iso-8859-1'><a href='café'>",
            })
    void decodesWithTheCharsetOfHeaderOrDocument(String contentType, String html) {
        assertEquals(List.of("http://example.com/dir/caf%C3%A9"), links(contentType, html.getBytes(ISO_8859_1)));
    }

    @Test
    void knowsHtmlByItsContentType() {
        assertTrue(page("Text/HTML; charset=utf-8", new byte[0]).isHtml());
        assertTrue(page("application/xhtml+xml", new byte[0]).isHtml());
        assertFalse(page("image/png", new byte[0]).isHtml());
        assertFalse(page("", new byte[0]).isHtml());
    }

    @ParameterizedTest
    @CsvSource({
        "/there, http://example.com/there",
        "there?x#y, http://example.com/dir/there?x",
        "https://example.org, https://example.org/"
    })
    void resolvesRedirects(String location, String expected) {
        assertEquals(URI.create(expected), Urls.resolve(BASE, location).orElseThrow());
    }

    private static List<String> links(String contentType, byte[] html) {
        return Links.of(page(contentType, html)).stream().map(URI::toString).toList();
    }

    private static Page page(String contentType, byte[] html) {
        return new Page(BASE, contentType, new BoundedBody.Content(ByteBuffer.wrap(html), false), 0, null);
    }
}
