// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.lint;

import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.Trees;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.Name;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.IntersectionType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.WildcardType;
import javax.lang.model.util.Elements;
import org.jspecify.annotations.Nullable;

/** Answers questions about the types in attributed trees. It keeps the answers for a compilation, because the same few types are asked for again and again. */
final class Types {

    static final String ASYNCIO = "dev.heddle.Asyncio";
    static final String COROUTINE = "dev.heddle.Coroutine";
    static final String ASYNC = "dev.heddle.Async";
    private static final String AWAITABLE = "dev.heddle.Awaitable";
    private static final String FUTURE = "dev.heddle.Future";
    private static final String BARRIER = "dev.heddle.sync.Barrier";

    /** The methods of a barrier that do their work at once. */
    private static final Set<String> IMMEDIATE = Set.of("reset", "abort");

    private static final Set<String> ASYNC_LAMBDAS = Set.of("dev.heddle.AsyncSupplier", "dev.heddle.AsyncFunction");

    private final Trees trees;
    private final Elements elements;
    private final javax.lang.model.util.Types types;
    private final Name await;

    /** Whether classes are awaitables that do not run by themselves. */
    private final Map<Element, Boolean> cold;

    /** The methods of functional interfaces. */
    private final Map<Element, Optional<ExecutableElement>> functions;

    private final @Nullable TreePath root;

    Types(JavacTask task, Trees trees) {
        this.trees = trees;
        elements = task.getElements();
        types = task.getTypes();
        await = elements.getName("await");
        cold = new HashMap<>();
        functions = new HashMap<>();
        root = null;
    }

    private Types(Types shared, TreePath root) {
        trees = shared.trees;
        elements = shared.elements;
        types = shared.types;
        await = shared.await;
        cold = shared.cold;
        functions = shared.functions;
        this.root = root;
    }

    /** The same for trees below {@code unit}. */
    Types in(TreePath unit) {
        return new Types(this, unit);
    }

    /** The element that {@code tree} declares or names. (javac looks at the leaf of the path alone.) */
    @Nullable
    Element element(Tree tree) {
        return trees.getElement(new TreePath(root, tree));
    }

    /** The method that {@code tree} declares, names, or calls. */
    @Nullable
    ExecutableElement method(Tree tree) {
        return element(tree) instanceof ExecutableElement method ? method : null;
    }

    /** The class of the values of {@code expression}, or null if it is not known or they are not objects. */
    @Nullable
    Element typeElement(Tree expression) {
        TypeMirror type = trees.getTypeMirror(new TreePath(root, expression));
        return type instanceof DeclaredType declared ? declared.asElement() : null;
    }

    /** Whether {@code name} may be that of {@code Asyncio.await}. */
    boolean isNameOfAwait(@Nullable Name name) {
        return await.equals(name);
    }

    /** Whether {@code method} is an {@code Asyncio.await}. */
    boolean isAwait(@Nullable ExecutableElement method) {
        return method != null
                && isNameOfAwait(method.getSimpleName())
                && isNamed(method.getEnclosingElement(), ASYNCIO);
    }

    static boolean isNamed(@Nullable Element element, String name) {
        return element instanceof TypeElement type && type.getQualifiedName().contentEquals(name);
    }

    String binaryName(TypeElement type) {
        return elements.getBinaryName(type).toString();
    }

    /** The simple name of the class of {@code method}. */
    static String nameOfClass(ExecutableElement method) {
        Element type = method.getEnclosingElement();
        return type == null ? "" : type.getSimpleName().toString();
    }

    /**
     * Whether {@code method} makes an awaitable that does not run by itself. A method that returns a type variable may return an object that was given to
     * it, as {@code Map.put} does, and a task returns the coroutine that it runs.
     */
    boolean returnsCold(@Nullable ExecutableElement method) {
        return method != null
                && isCold(method.getReturnType())
                && !isSubtype(method.getEnclosingElement(), FUTURE)
                && !mayBeIgnored(method);
    }

    /** Whether {@code method} does its work when it is called, so that its result need not be awaited. */
    private static boolean mayBeIgnored(ExecutableElement method) {
        return (isNamed(method.getEnclosingElement(), BARRIER)
                        && IMMEDIATE.contains(method.getSimpleName().toString()))
                || Annotations.has(method, "CanIgnoreReturnValue");
    }

    /** Whether values of {@code type} are awaitables but, as far as the type shows, neither futures nor tasks. */
    boolean isCold(@Nullable TypeMirror type) {
        return type != null && type.getKind() == TypeKind.DECLARED && isCold(((DeclaredType) type).asElement());
    }

    private boolean isCold(Element type) {
        Boolean known = cold.get(type);
        if (known == null) {
            known = isSubtype(type, AWAITABLE) && !isSubtype(type, FUTURE);
            cold.put(type, known);
        }
        return known;
    }

    /** Whether {@code type} is the type with the binary name {@code name}, or extends or implements it. */
    static boolean isSubtype(@Nullable Element type, String name) {
        if (!(type instanceof TypeElement element)) {
            return false;
        }
        if (isNamed(element, name) || isSubtypeOf(element.getSuperclass(), name)) {
            return true;
        }
        return element.getInterfaces().stream().anyMatch(each -> isSubtypeOf(each, name));
    }

    private static boolean isSubtypeOf(TypeMirror type, String name) {
        return type.getKind() == TypeKind.DECLARED && isSubtype(((DeclaredType) type).asElement(), name);
    }

    /** Whether a method with the return type {@code type} returns a {@code Coroutine} for the JVM. */
    boolean isErasedCoroutine(TypeMirror type) {
        TypeMirror erased = types.erasure(type);
        return erased.getKind() == TypeKind.DECLARED && isNamed(((DeclaredType) erased).asElement(), COROUTINE);
    }

    /** The noun for a value of the cold {@code type}. */
    String noun(TypeMirror type) {
        return isErasedCoroutine(type) ? "coroutine" : "awaitable";
    }

    /** Whether the functional interface of {@code expression}, a lambda or a method reference, has a method that returns nothing. */
    boolean returnsVoid(Tree expression) {
        TypeMirror type = trees.getTypeMirror(new TreePath(root, expression));
        ExecutableElement function = type == null ? null : function(type);
        return function != null && function.getReturnType().getKind() == TypeKind.VOID;
    }

    /** Whether the type of {@code lambda} makes it a coroutine, whether it awaits or not. */
    boolean isAsyncLambda(LambdaExpressionTree lambda) {
        TypeMirror type = trees.getTypeMirror(new TreePath(root, lambda));
        if (type instanceof IntersectionType intersection) {
            return intersection.getBounds().stream().anyMatch(Types::isAsyncLambdaType);
        }
        return isAsyncLambdaType(type);
    }

    private static boolean isAsyncLambdaType(@Nullable TypeMirror type) {
        return type != null
                && type.getKind() == TypeKind.DECLARED
                && ((DeclaredType) type).asElement() instanceof TypeElement element
                && ASYNC_LAMBDAS.contains(element.getQualifiedName().toString());
    }

    /** The type that the body of {@code lambda} returns, or null if it is not known. */
    @Nullable
    TypeMirror resultOf(LambdaExpressionTree lambda) {
        TypeMirror type = trees.getTypeMirror(new TreePath(root, lambda));
        DeclaredType declared = type == null ? null : functional(type);
        ExecutableElement function = declared == null ? null : function(declared);
        if (declared == null
                || function == null
                || !(types.asMemberOf(declared, function) instanceof ExecutableType as)) {
            return null;
        }
        TypeMirror result = as.getReturnType();
        if (result instanceof WildcardType wildcard) {
            return wildcard.getSuperBound() != null ? wildcard.getSuperBound() : wildcard.getExtendsBound();
        }
        return result;
    }

    private @Nullable ExecutableElement function(TypeMirror type) {
        DeclaredType declared = functional(type);
        return declared == null
                ? null
                : functions.computeIfAbsent(declared.asElement(), this::find).orElse(null);
    }

    /** The functional interface among the types that {@code type} consists of. */
    private @Nullable DeclaredType functional(TypeMirror type) {
        if (type instanceof IntersectionType intersection) {
            for (TypeMirror bound : intersection.getBounds()) {
                if (function(bound) != null) {
                    return (DeclaredType) bound;
                }
            }
            return null;
        }
        return type.getKind() == TypeKind.DECLARED ? (DeclaredType) type : null;
    }

    private Optional<ExecutableElement> find(Element type) {
        if (type.getKind() != ElementKind.INTERFACE) {
            return Optional.empty();
        }
        for (Element member : elements.getAllMembers((TypeElement) type)) {
            if (member instanceof ExecutableElement method
                    && method.getModifiers().contains(Modifier.ABSTRACT)
                    && !isOfObject(method)) {
                return Optional.of(method);
            }
        }
        return Optional.empty();
    }

    /** Whether {@code method} has the signature of a public method of {@code Object}, which every class implements. */
    private static boolean isOfObject(ExecutableElement method) {
        int parameters = method.getParameters().size();
        return switch (method.getSimpleName().toString()) {
            case "equals" ->
                parameters == 1
                        && method.getParameters().get(0).asType() instanceof DeclaredType type
                        && isNamed(type.asElement(), "java.lang.Object");
            case "hashCode", "toString" -> parameters == 0;
            default -> false;
        };
    }
}
