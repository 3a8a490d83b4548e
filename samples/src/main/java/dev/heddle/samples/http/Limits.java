// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.http;

/**
 * How large a received message may be, and how many connections a server has.
 *
 * @param headBytes the size of the header section
 * @param fields the number of header fields
 * @param bodyBytes the size of the body
 * @param connections the number of connections that a server has at once; others wait
 */
public record Limits(int headBytes, int fields, long bodyBytes, int connections) {

    /** Limits of messages, and at most 10,000 connections. */
    public Limits(int headBytes, int fields, long bodyBytes) {
        this(headBytes, fields, bodyBytes, 10_000);
    }

    /** 16 KiB of at most 100 header fields, a body of 1 MiB, and 10,000 connections. */
    public static final Limits DEFAULT = new Limits(16 << 10, 100, 1 << 20);
}
