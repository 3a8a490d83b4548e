package dev.heddle.testkit;

import dev.heddle.internal.frames.UnawaitedCoroutines;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Stops watching coroutines that are created outside of loops after each test. A loop in debug mode starts watching them for the whole process.
 * Coroutines that later tests drop on purpose would otherwise be reported during other tests.
 */
public final class ForgetsCoroutines implements AfterEachCallback {

    @Override
    public void afterEach(ExtensionContext test) {
        UnawaitedCoroutines.OUTSIDE.watch(false);
        UnawaitedCoroutines.OUTSIDE.takeAll((name, created) -> {});
    }
}
