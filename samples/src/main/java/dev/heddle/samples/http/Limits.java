package dev.heddle.samples.http;

/**
 * How large a received message may be.
 *
 * @param headBytes the size of the header section
 * @param fields the number of header fields
 * @param bodyBytes the size of the body
 */
public record Limits(int headBytes, int fields, long bodyBytes) {

    /** 16 KiB of at most 100 header fields, and a body of 1 MiB. */
    public static final Limits DEFAULT = new Limits(16 << 10, 100, 1 << 20);
}
