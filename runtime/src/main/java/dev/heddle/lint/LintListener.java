// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.lint;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import com.sun.source.util.Trees;
import java.util.function.Function;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic;
import org.jspecify.annotations.Nullable;

/** Checks each class when javac has attributed it. A failure of the checks ends them with a note, and the compilation goes on. */
final class LintListener implements TaskListener {

    /** The checks of one compilation. */
    interface Checks {
        /** Checks the class {@code type} of {@code unit}, which is attributed; other classes of the unit may not be. */
        void check(CompilationUnitTree unit, TypeElement type);
    }

    private final JavacTask task;
    private final Function<JavacTask, Checks> newChecks;
    private @Nullable String unknownOption;
    private @Nullable Checks checks;
    private boolean failed;

    /**
     * Creates the listener.
     *
     * @param newChecks makes the checks when the first class has been attributed
     * @param unknownOption an option of the plugin that does not exist, or null
     */
    LintListener(JavacTask task, Function<JavacTask, Checks> newChecks, @Nullable String unknownOption) {
        this.task = task;
        this.newChecks = newChecks;
        this.unknownOption = unknownOption;
    }

    @Override
    public void finished(TaskEvent event) {
        CompilationUnitTree unit = event.getCompilationUnit();
        TypeElement type = event.getTypeElement();
        if (event.getKind() != TaskEvent.Kind.ANALYZE || unit == null || type == null || failed) {
            return;
        }
        try {
            check(unit, type);
        } catch (Throwable failure) { // an Error as well: a mistake of the checks must not fail the compilation
            failed = true;
            note(unit, "the checks of Heddle have failed and are off for the rest of this compilation: " + failure);
        }
    }

    private void check(CompilationUnitTree unit, TypeElement type) {
        if (unknownOption != null) {
            note(unit, "the plugin Heddle has no option '" + unknownOption + "'; its only option is 'off'");
            unknownOption = null;
        }
        if (checks == null) {
            checks = newChecks.apply(task);
        }
        checks.check(unit, type);
    }

    private void note(CompilationUnitTree unit, String message) {
        try {
            Trees.instance(task).printMessage(Diagnostic.Kind.NOTE, Findings.PREFIX + message, unit, unit);
        } catch (Throwable failure) {
            failed = true; // there is no way left to report it
        }
    }
}
