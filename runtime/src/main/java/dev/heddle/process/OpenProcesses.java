// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.process;

import dev.heddle.internal.loop.LoopCore;
import java.util.HashSet;
import java.util.Set;

/** The processes of a loop that have not ended, or have open pipes. They are killed when the loop is closed. Used on the loop's thread. */
final class OpenProcesses implements AutoCloseable {

    private final Set<Child> children = new HashSet<>();

    private OpenProcesses() {}

    static OpenProcesses of(LoopCore core) {
        OpenProcesses known = core.resource(OpenProcesses.class);
        if (known == null) {
            known = new OpenProcesses();
            core.keep(OpenProcesses.class, known);
        }
        return known;
    }

    void add(Child child) {
        children.add(child);
    }

    void remove(Child child) {
        children.remove(child);
    }

    @Override
    public void close() {
        children.forEach(Child::abandon);
        children.clear();
    }
}
