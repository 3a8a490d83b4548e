package dev.heddle.agent;

import org.jspecify.annotations.Nullable;

/** The classes of the runtime that name what the weaver looks for. They are never woven. */
final class RuntimeClasses {

    private RuntimeClasses() {}

    /** Whether the class with this internal name (JVMS 4.2.1) belongs to the runtime. */
    static boolean contain(@Nullable String className) {
        return className != null
                && (className.startsWith("dev/heddle/woven/")
                        || className.startsWith("dev/heddle/internal/")
                        || className.startsWith("dev/heddle/Asyncio")
                        || className.equals("dev/heddle/testing/CoroutineTestRun")
                        || className.equals("dev/heddle/workers/Workers"));
    }
}
