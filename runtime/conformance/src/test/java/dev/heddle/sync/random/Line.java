package dev.heddle.sync.random;

import java.util.ArrayList;
import java.util.List;

/** The tasks that wait for something they receive in the order of their arrival. */
public final class Line {

    private final List<User> users = new ArrayList<>();

    public void enter(User user) {
        users.add(user);
    }

    /** Records that {@code user} has been served. No earlier user may still wait, except for users that are being cancelled. */
    public void served(User user) {
        for (User earlier : users) {
            if (earlier == user) {
                users.remove(user);
                return;
            }
            RandomUse.check(earlier.isCancelled(), "overtaken by " + user + ":", earlier);
        }
        throw new AssertionError("served but not in the line: " + user);
    }

    public void leave(User user) {
        users.remove(user);
    }

    public boolean isEmpty() {
        return users.isEmpty();
    }

    @Override
    public String toString() {
        return users.toString();
    }
}
