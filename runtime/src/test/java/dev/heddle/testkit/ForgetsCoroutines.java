package dev.heddle.testkit;

import dev.heddle.internal.frames.UnawaitedCoroutines;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Ends after each test that coroutines made outside of loops are watched. A loop in debug mode begins it for the whole process, and coroutines that
 * later tests drop on purpose would be reported in the middle of others.
 */
public final class ForgetsCoroutines implements AfterEachCallback {

    @Override
    public void afterEach(ExtensionContext test) {
        UnawaitedCoroutines.OUTSIDE.watch(false);
        UnawaitedCoroutines.OUTSIDE.takeAll((name, created) -> {});
    }
}
