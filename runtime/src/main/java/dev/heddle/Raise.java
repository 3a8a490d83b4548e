package dev.heddle;

/** In the place of what a task awaited: a throwable to be thrown into the coroutine when it goes on. */
record Raise(Throwable failure) {}
