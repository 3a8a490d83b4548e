package dev.heddle.weaver.jars;

/** What the weaver must make of a method, found out without it. */
enum Expectation {
    /** Every await of it is woven. */
    WOVEN("64 KB"),
    /** The method is synchronized. */
    SYNCHRONIZED("an @Async method cannot be synchronized"),
    /** Its parameters leave no room for one more. */
    TOO_MANY_PARAMETERS("exceed 255 slots of parameters"),
    /** The class file has no stack map frames to rely on. */
    OLD_CLASS_FILE("is older than Java 7"),
    /** An await stands where a monitor is held on some path. */
    UNDER_MONITOR("await inside a synchronized block");

    private final String text;

    Expectation(String text) {
        this.text = text;
    }

    /** Whether {@code rule} is the one that this expects; of a method to weave, that its code became too large. */
    boolean isSaidBy(String rule) {
        return rule.contains(text);
    }
}
