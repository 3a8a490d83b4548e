package dev.heddle.weaver.traces;

/**
 * A program that fails, and the trace of its failure.
 *
 * @param name for reports
 * @param trace the class of the failure and its frames, innermost first, each the name of a method and a line of the source; a lambda
 *     is called that
 * @param source methods, among them a static {@code main}; {@code fails}, on line 1, is there already
 */
record GoldenProgram(String name, String trace, String source) {

    @Override
    public String toString() {
        return name;
    }
}
