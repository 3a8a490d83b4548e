// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.lint;

import com.sun.source.util.JavacTask;
import com.sun.source.util.Plugin;

/**
 * Finds mistakes with coroutines while javac compiles: coroutines that never run, and awaits that cannot be woven, as errors; calls that block the loop, and
 * locks held across an await, as warnings.
 *
 * <p>javac finds the plugin on the class path, or on the processor path if there is one, and starts it without an option. {@code -Xplugin:Heddle off}, as one
 * argument, turns it off for a compilation, and {@code @SuppressWarnings("heddle")} for a declaration.
 */
public final class HeddlePlugin implements Plugin {

    /** Called by javac. */
    public HeddlePlugin() {}

    @Override
    public String getName() {
        return "Heddle";
    }

    @Override
    public boolean autoStart() {
        return true;
    }

    /**
     * Starts the checks, unless {@code arguments} contain {@code off}.
     *
     * @param arguments the words after {@code -Xplugin:Heddle}
     */
    @Override
    public void init(JavacTask task, String... arguments) {
        String unknown = null;
        for (String argument : arguments) {
            if (argument.equals("off")) {
                return;
            }
            unknown = argument;
        }
        task.addTaskListener(new LintListener(task, Lint::new, unknown));
    }
}
