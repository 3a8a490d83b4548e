// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.crawl;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The paths and the HTML of the embedded site. */
final class SitePages {

    static final String ROOT = "/site/";
    static final String LOOP_ENTRY = "/site/loop-1.html";
    static final String LOOP_EXIT = "/site/loop-2.html";

    private static final String CATALOG = "/site/catalog?item=";
    private static final String PAGE = "/site/page-";
    private static final Pattern NUMBERED = Pattern.compile("/site/(?:catalog\\?item=|page-)(\\d{1,3})(?:\\.html)?");
    private static final int HUGE_CHARACTERS = 2_000_000;

    private final SitePlan plan;
    private final URI base;

    SitePages(SitePlan plan, URI base) {
        this.plan = plan;
        this.base = base;
    }

    /** The path of a page. Every fifth one has a query. */
    static String path(int page) {
        if (page == 0) {
            return ROOT;
        }
        return page % 5 == 0 ? CATALOG + page : PAGE + page + ".html";
    }

    /** The number of the page at {@code path}, or -1 if there is none. */
    static int page(String path) {
        if (path.equals(ROOT)) {
            return 0;
        }
        Matcher matcher = NUMBERED.matcher(path);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
    }

    String html(int page) {
        StringBuilder html = new StringBuilder("<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>Page ")
                .append(page)
                .append("</title></head><body>\n");
        int spelling = page;
        for (int target : plan.links(page)) {
            html.append("<p><a href=\"").append(href(target, spelling++)).append("\">Page ");
            html.append(target).append("</a></p>\n");
        }
        if (page == 0) {
            html.append("<p><a href=\"").append(LOOP_ENTRY).append("\">Round and round</a>, ");
            html.append(
                    "<a href=\"https://example.com/\">elsewhere</a>, <a href=\"mailto:a@example.com\">mail</a></p>\n");
        }
        boolean huge = plan.kind(page) == SitePlan.Kind.HUGE;
        int filler = huge ? HUGE_CHARACTERS : 500 + page * 37 % 8_000;
        return html.append("<p>")
                .append("warp and weft ".repeat(filler / 14))
                .append("</p></body></html>\n")
                .toString();
    }

    /** A link in one of the spellings that pages use. */
    private String href(int page, int spelling) {
        String path = path(page);
        return switch (spelling % 4) {
            case 0 -> path;
            case 1 -> base.resolve(path).toString();
            case 2 -> path + "#middle";
            default -> "../site/" + path.substring(ROOT.length());
        };
    }
}
