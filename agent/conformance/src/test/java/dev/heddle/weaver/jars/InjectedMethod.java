package dev.heddle.weaver.jars;

/**
 * A method that was made async.
 *
 * @param name its name, which no other method of the class has
 * @param descriptor its descriptor
 * @param expectation the expected result of weaving it
 * @param awaits how many awaits it got
 * @param onStack how many of them have values below them on the stack
 * @param aroundCreation how many of them have objects on the stack that are not initialised
 * @param onSomePaths how many of them stand where some paths hold a monitor and others do not
 * @param delegating how many of its returns delegate to a coroutine
 * @param size how many bytes of code it has, at least
 * @param largest how many it may have after weaving, when every await keeps every local and operand
 */
record InjectedMethod(
        String name,
        String descriptor,
        Expectation expectation,
        int awaits,
        int onStack,
        int aroundCreation,
        int onSomePaths,
        int delegating,
        int size,
        int largest) {}
