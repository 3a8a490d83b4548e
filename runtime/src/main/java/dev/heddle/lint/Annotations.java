// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.lint;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.Tree;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import org.jspecify.annotations.Nullable;

/** Reads the annotations of declarations. */
final class Annotations {

    /** The simple names of annotations of other libraries with a similar meaning. */
    private static final Set<String> OTHERS = Set.of("Async", "Asynchronous");

    /** The names in {@code @SuppressWarnings} that turn the checks off. */
    private static final Set<String> SUPPRESSING = Set.of("heddle", "all");

    private final Types types;

    Annotations(Types types) {
        this.types = types;
    }

    boolean isAsync(Element method) {
        for (AnnotationMirror annotation : method.getAnnotationMirrors()) {
            if (Types.isNamed(annotation.getAnnotationType().asElement(), Types.ASYNC)) {
                return true;
            }
        }
        return false;
    }

    /** Whether {@code element} has an annotation with this simple name, of whatever library. */
    static boolean has(Element element, String simpleName) {
        return element.getAnnotationMirrors().stream()
                .anyMatch(annotation -> annotation
                        .getAnnotationType()
                        .asElement()
                        .getSimpleName()
                        .contentEquals(simpleName));
    }

    /** The name of an annotation that may have been confused with Heddle's, such as Spring's or Jakarta's, or null. */
    @Nullable
    String otherAsync(Element element) {
        for (AnnotationMirror annotation : element.getAnnotationMirrors()) {
            if (annotation.getAnnotationType().asElement() instanceof TypeElement type
                    && OTHERS.contains(type.getSimpleName().toString())
                    && !Types.isNamed(type, Types.ASYNC)) {
                return types.binaryName(type);
            }
        }
        return null;
    }

    /** Whether one of {@code annotations}, those of {@code declaration}, turns the checks off there. */
    boolean suppress(Tree declaration, Iterable<? extends Tree> annotations) {
        for (Tree annotation : annotations) {
            if (annotation instanceof AnnotationTree tree && isSuppressWarnings(tree.getAnnotationType())) {
                Element element = types.element(declaration);
                SuppressWarnings suppressed = element == null ? null : element.getAnnotation(SuppressWarnings.class);
                return suppressed != null
                        && List.of(suppressed.value()).stream().anyMatch(SUPPRESSING::contains);
            }
        }
        return false;
    }

    private static boolean isSuppressWarnings(Tree type) {
        if (type instanceof IdentifierTree identifier) {
            return identifier.getName().contentEquals("SuppressWarnings");
        }
        return type instanceof MemberSelectTree select && select.getIdentifier().contentEquals("SuppressWarnings");
    }
}
