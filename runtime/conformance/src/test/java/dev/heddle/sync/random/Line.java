package dev.heddle.sync.random;

import java.util.ArrayList;
import java.util.List;

/** Those who wait for something that is given in the order in which they came. */
public final class Line {

    private final List<User> users = new ArrayList<>();

    public void enter(User user) {
        users.add(user);
    }

    /** Says that {@code user} has got it: nobody who came before may still wait, except who is being cancelled. */
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
