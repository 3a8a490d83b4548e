// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle;

/**
 * An event loop that runs a Heddle loop on its own thread: Netty's, Vert.x's, Swing's, JavaFX's. {@link EventLoop#guestOf} makes the loop. For Netty's
 * {@code EventLoop}, for example, {@code execute} is {@code eventLoop.execute(turn)}, and {@code executeLater} is {@code eventLoop.schedule(turn, nanos,
 * NANOSECONDS)}, whose future the result cancels.
 */
public interface Host {

    /**
     * Runs {@code turn} on the host's thread, as soon as the host can, but never within this call. Called on any thread. If it throws, the loop does not run any more.
     */
    void execute(Runnable turn);

    /**
     * Runs {@code turn} on the host's thread after {@code nanos} nanoseconds. Called on the host's thread. If it runs too early, the loop asks again.
     *
     * @return cancels the call if it has not begun; run on the host's thread
     */
    Runnable executeLater(long nanos, Runnable turn);
}
