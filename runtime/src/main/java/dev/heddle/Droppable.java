package dev.heddle;

/** A callback that has to know when its loop is closed before it was called, as somebody in another thread waits for it. */
interface Droppable {

    /** Is called instead, with the error that tells why. */
    void dropped(IllegalStateException closed);
}
