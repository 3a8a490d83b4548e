// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.lint;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.Trees;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javax.tools.Diagnostic;

/** The mistakes found in one class. */
final class Findings {

    /** How every message begins. */
    static final String PREFIX = "[heddle] ";

    private record Finding(Diagnostic.Kind kind, Tree place, String message) {}

    private final Trees trees;
    private final CompilationUnitTree unit;
    private final List<Finding> findings = new ArrayList<>();

    /** How many declarations around the current place are annotated with {@code @SuppressWarnings("heddle")}. */
    private int suppressions;

    Findings(Trees trees, CompilationUnitTree unit) {
        this.trees = trees;
        this.unit = unit;
    }

    void beginSuppression() {
        suppressions++;
    }

    void endSuppression() {
        suppressions--;
    }

    boolean areSuppressed() {
        return suppressions > 0;
    }

    void error(Tree place, String message) {
        add(Diagnostic.Kind.ERROR, place, message);
    }

    void warning(Tree place, String message) {
        add(Diagnostic.Kind.WARNING, place, message);
    }

    private void add(Diagnostic.Kind kind, Tree place, String message) {
        if (!areSuppressed()) {
            findings.add(new Finding(kind, place, message));
        }
    }

    /** Prints the findings in the order of the source. */
    void print() {
        findings.sort(Comparator.comparingLong(
                finding -> trees.getSourcePositions().getStartPosition(unit, finding.place())));
        for (Finding finding : findings) {
            trees.printMessage(finding.kind(), PREFIX + finding.message(), finding.place(), unit);
        }
    }
}
