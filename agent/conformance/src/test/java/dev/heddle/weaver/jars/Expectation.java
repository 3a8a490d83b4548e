package dev.heddle.weaver.jars;

/** The expected result of weaving a method, determined without the weaver. */
enum Expectation {
    /** Every await of it is woven. */
    WOVEN("64 KB"),
    /** The method is synchronized. */
    SYNCHRONIZED("an @Async method cannot be synchronized"),
    /** Its parameters leave no room for one more. */
    TOO_MANY_PARAMETERS("exceed 255 slots of parameters"),
    /** The class file has no stack map frames to rely on. */
    OLD_CLASS_FILE("is older than Java 7"),
    /** On some path, a monitor is held at an await. */
    UNDER_MONITOR("await inside a synchronized block");

    private final String text;

    Expectation(String text) {
        this.text = text;
    }

    /** Whether this expects a refusal by {@code rule}. A method to weave may be refused because its code became too large. */
    boolean isSaidBy(String rule) {
        return rule.contains(text);
    }
}
