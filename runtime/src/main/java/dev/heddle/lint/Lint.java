// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.lint;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.Trees;
import javax.lang.model.element.TypeElement;

/** The checks of one compilation. */
final class Lint implements LintListener.Checks {

    private final Trees trees;
    private final Types types;
    private final BlockingCalls blockingCalls;

    Lint(JavacTask task) {
        trees = Trees.instance(task);
        types = new Types(task, trees);
        blockingCalls = new BlockingCalls(task.getElements());
    }

    @Override
    public void check(CompilationUnitTree unit, TypeElement type) {
        TreePath root = new TreePath(unit);
        for (Tree declaration : unit.getTypeDecls()) {
            if (type.equals(trees.getElement(new TreePath(root, declaration)))) {
                Findings findings = new Findings(trees, unit);
                new ClassScanner(types.in(root), blockingCalls, findings).check(declaration);
                findings.print();
            }
        }
    }
}
