// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.http;

import java.time.Duration;

/**
 * How long a server waits for a client.
 *
 * @param idle for the first line of the next request; then the connection is closed
 * @param head for the header section behind that line
 * @param body for the body, measured from the first read of the handler
 * @param write for the client to accept a part of the response, at most 64 KiB
 */
public record TimeOuts(Duration idle, Duration head, Duration body, Duration write) {

    public static final TimeOuts DEFAULT = new TimeOuts(
            Duration.ofSeconds(60), Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(30));
}
