/**
 * A concurrent web crawler. {@code Crawl} is the program; {@code Crawler} decides what to visit, {@code Fetcher} talks
 * HTTP, and {@code Site} is a web site to crawl when none is given.
 */
@NullMarked
package dev.heddle.samples.crawl;

import org.jspecify.annotations.NullMarked;
