// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.lint;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.VariableTree;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/** Finds the mistakes in one top-level class. */
final class ClassScanner extends BranchScanner {

    private final Types types;
    private final BlockingCalls blockingCalls;
    private final Findings findings;
    private final DroppedResults dropped;
    private final LocalVariables variables;
    private final CoroutineLambdas lambdas;
    private final Annotations annotations;
    private final NearMisses nearMisses;
    private final SwallowedCancellations swallowed;
    private final MistakenResults mistaken;

    /** The class around the current place, whose annotations count for its methods. */
    private @Nullable Element owner;

    ClassScanner(Types types, BlockingCalls blockingCalls, Findings findings) {
        super(types);
        this.types = types;
        this.blockingCalls = blockingCalls;
        this.findings = findings;
        this.dropped = new DroppedResults(types, findings);
        this.variables = new LocalVariables(types, findings);
        this.lambdas = new CoroutineLambdas(types);
        this.annotations = new Annotations(types);
        this.nearMisses = new NearMisses(types, findings);
        this.mistaken = new MistakenResults(types, findings);
        this.swallowed = new SwallowedCancellations(types, findings);
    }

    /** Scans {@code declaration} and reports what only the whole class shows. */
    void check(Tree declaration) {
        scan(declaration, null);
        variables.report();
    }

    // Declarations

    @Override
    public @Nullable Void visitClass(ClassTree node, @Nullable Void none) {
        boolean suppressed = beginIfSuppressed(node, node.getModifiers().getAnnotations());
        Body outer = body;
        Element outerOwner = owner;
        owner = types.element(node);
        Body ofClass = new Body(Body.Kind.STATIC_INITIALISER, null, false);
        Body ofObject = new Body(Body.Kind.CONSTRUCTOR, null, false);
        for (Tree member : node.getMembers()) {
            body = isStatic(member) ? ofClass : ofObject;
            scan(member, null);
        }
        body = outer;
        owner = outerOwner;
        end(suppressed);
        return null;
    }

    private boolean isStatic(Tree member) {
        if (member instanceof BlockTree block) {
            return block.isStatic();
        }
        if (!(member instanceof VariableTree)) {
            return false; // a body of its own
        }
        Element field = types.element(member);
        return field != null && field.getModifiers().contains(Modifier.STATIC);
    }

    @Override
    public @Nullable Void visitMethod(MethodTree node, @Nullable Void none) {
        boolean suppressed = beginIfSuppressed(node, node.getModifiers().getAnnotations());
        Body outer = body;
        Body inner = bodyOf(node);
        body = inner;
        scan(node.getBody(), null);
        ExecutableElement method = types.method(node);
        if (inner.kind == Body.Kind.METHOD
                && inner.otherAsync != null
                && !inner.hasWrongAwait
                && method != null
                && inner.otherAsync.equals(annotations.otherAsync(method))
                && types.isErasedCoroutine(method.getReturnType())) {
            findings.error(node, Messages.wrongAnnotation(inner.otherAsync));
        }
        body = outer;
        end(suppressed);
        return null;
    }

    private Body bodyOf(MethodTree node) {
        ExecutableElement method = types.method(node);
        if (method == null) {
            return new Body(Body.Kind.REFUSED, null, false); // does not compile
        }
        if (annotations.isAsync(method)) {
            String refusal = refusal(method, node);
            if (refusal != null) {
                findings.error(node, refusal);
            }
            return new Body(refusal == null ? Body.Kind.ASYNC : Body.Kind.REFUSED, null, true);
        }
        if (method.getKind() == ElementKind.CONSTRUCTOR) {
            return new Body(Body.Kind.CONSTRUCTOR, null, false);
        }
        String other = annotations.otherAsync(method);
        if (other == null && owner != null) {
            other = annotations.otherAsync(owner);
        }
        boolean isMain = other == null
                && method.getSimpleName().contentEquals("main")
                && method.getReturnType().getKind() == TypeKind.VOID;
        return new Body(isMain ? Body.Kind.MAIN : Body.Kind.METHOD, other, false);
    }

    private @Nullable String refusal(ExecutableElement method, MethodTree node) {
        Set<Modifier> modifiers = method.getModifiers();
        if (node.getBody() == null) {
            return Messages.withoutBody(modifiers.contains(Modifier.NATIVE) ? "a native" : "an abstract");
        }
        TypeMirror result = method.getReturnType();
        if (result.getKind() != TypeKind.ERROR && !types.isErasedCoroutine(result)) {
            return Messages.WRONG_RETURN;
        }
        return modifiers.contains(Modifier.SYNCHRONIZED) ? Messages.SYNCHRONIZED : null;
    }

    @Override
    public @Nullable Void visitVariable(VariableTree node, @Nullable Void none) {
        boolean suppressed = beginIfSuppressed(node, node.getModifiers().getAnnotations());
        Element variable = types.element(node);
        if (variable != null && variable.getKind() == ElementKind.LOCAL_VARIABLE && types.isCold(variable.asType())) {
            variables.declare(node.getName());
            if (dropped.isColdCall(node.getInitializer())) {
                variables.assign(variable, node);
            }
        }
        scan(node.getInitializer(), null);
        end(suppressed);
        return null;
    }

    private boolean beginIfSuppressed(Tree declaration, Iterable<? extends Tree> modifiers) {
        boolean suppressed = annotations.suppress(declaration, modifiers);
        if (suppressed) {
            findings.beginSuppression();
        }
        return suppressed;
    }

    private void end(boolean suppressed) {
        if (suppressed) {
            findings.endSuppression();
        }
    }

    // Lambdas

    @Override
    public @Nullable Void visitLambdaExpression(LambdaExpressionTree node, @Nullable Void none) {
        Body outer = body;
        Body inner = bodyOf(node);
        body = inner;
        if (node.getBody() instanceof MethodInvocationTree call && types.returnsVoid(node)) {
            dropped.byLambda(call, dropped.mayFail(node));
        }
        scan(node.getBody(), null);
        body = outer;
        return null;
    }

    private Body bodyOf(LambdaExpressionTree lambda) {
        boolean inLoop = body != null && body.runsInLoop && dropped.runsInPlace(lambda);
        TypeMirror result = types.resultOf(lambda);
        if (result == null) {
            return new Body(Body.Kind.REFUSED, null, false); // does not compile
        }
        if (!types.isErasedCoroutine(result)) {
            return new Body(Body.Kind.LAMBDA, null, inLoop);
        }
        if (types.isAsyncLambda(lambda) || lambdas.awaits(lambda.getBody())) {
            return new Body(Body.Kind.ASYNC, null, true);
        }
        lambdas.reportReturns(lambda, findings);
        return new Body(Body.Kind.LAMBDA, null, inLoop);
    }

    @Override
    public @Nullable Void visitMemberReference(MemberReferenceTree node, @Nullable Void none) {
        if (types.isNameOfAwait(node.getName()) && types.isAwait(types.method(node))) {
            findings.error(node, Messages.METHOD_REFERENCE);
        } else {
            dropped.byReference(node);
        }
        return super.visitMemberReference(node, null);
    }

    // Code that javac drops

    @Override
    public @Nullable Void visitIf(IfTree node, @Nullable Void none) {
        Boolean constant = constant(node.getCondition());
        if (constant == null) {
            return super.visitIf(node, null);
        }
        scan(node.getThenStatement(), constant);
        return scan(node.getElseStatement(), !constant);
    }

    @Override
    public @Nullable Void visitConditionalExpression(ConditionalExpressionTree node, @Nullable Void none) {
        Boolean constant = constant(node.getCondition());
        if (constant == null) {
            return super.visitConditionalExpression(node, null);
        }
        scan(node.getTrueExpression(), constant);
        return scan(node.getFalseExpression(), !constant);
    }

    @Override
    public @Nullable Void visitBinary(BinaryTree node, @Nullable Void none) {
        Boolean constant = constant(node.getLeftOperand());
        mistaken.operands(node);
        if (constant == null) {
            return super.visitBinary(node, null);
        }
        boolean isDecided = node.getKind() == (constant ? Tree.Kind.CONDITIONAL_OR : Tree.Kind.CONDITIONAL_AND);
        return scan(node.getRightOperand(), !isDecided);
    }

    /** Scans {@code tree}, and reports nothing there if it is not {@code alive}. */
    private @Nullable Void scan(@Nullable Tree tree, boolean alive) {
        if (alive) {
            return scan(tree, null);
        }
        findings.beginSuppression();
        scan(tree, null);
        findings.endSuppression();
        return null;
    }

    private static @Nullable Boolean constant(ExpressionTree condition) {
        ExpressionTree inner = condition;
        while (inner instanceof ParenthesizedTree parentheses) {
            inner = parentheses.getExpression();
        }
        return inner instanceof LiteralTree literal ? booleanOf(literal.getValue()) : null;
    }

    private static @Nullable Boolean booleanOf(@Nullable Object value) {
        return value instanceof Boolean constant ? constant : null;
    }

    // Statements and calls

    @Override
    public @Nullable Void visitTry(TryTree node, @Nullable Void none) {
        if (body != null && body.kind == Body.Kind.ASYNC && body.loops > 0) {
            swallowed.check(node);
        }
        return super.visitTry(node, null);
    }

    @Override
    public @Nullable Void visitSynchronized(SynchronizedTree node, @Nullable Void none) {
        scan(node.getExpression(), null);
        Body inner = body;
        if (inner == null) {
            return scan(node.getBlock(), null);
        }
        inner.monitors++;
        scan(node.getBlock(), null);
        inner.monitors--;
        return null;
    }

    @Override
    public @Nullable Void visitExpressionStatement(ExpressionStatementTree node, @Nullable Void none) {
        ExpressionTree expression = node.getExpression();
        if (expression instanceof MethodInvocationTree call) {
            dropped.byStatement(call, body);
        } else if (expression instanceof AssignmentTree assignment
                && assignment.getVariable() instanceof IdentifierTree identifier
                && dropped.isColdCall(assignment.getExpression())) {
            Element variable = types.element(identifier);
            if (variable != null && variable.getKind() == ElementKind.LOCAL_VARIABLE) {
                variables.assign(variable, assignment);
                return scan(assignment.getExpression(), null);
            }
        }
        return super.visitExpressionStatement(node, null);
    }

    @Override
    public @Nullable Void visitIdentifier(IdentifierTree node, @Nullable Void none) {
        variables.read(node);
        return null;
    }

    @Override
    public @Nullable Void visitMethodInvocation(MethodInvocationTree node, @Nullable Void none) {
        Body inner = body;
        ExecutableElement method = inner != null && (inner.runsInLoop || mayMatter(node)) ? types.method(node) : null;
        if (method != null) {
            dropped.noteArguments(node, method);
        }
        super.visitMethodInvocation(node, null);
        if (inner == null) {
            return null;
        }
        if (method == null) {
            if (inner.runsInLoop) {
                nearMisses.unresolved(node);
            }
        } else if (types.isAwait(method)) {
            checkAwait(node, inner);
        } else if (!nearMisses.isOfObject(node, method) && inner.runsInLoop) {
            inner.locks.call(node, method);
            mistaken.argument(node, method);
            checkBlocking(node, method, inner);
        }
        return null;
    }

    private boolean mayMatter(MethodInvocationTree node) {
        var name = CoroutineLambdas.name(node);
        return types.isNameOfAwait(name) || NearMisses.mayBe(name) || dropped.expectsFailure(name);
    }

    private void checkAwait(MethodInvocationTree await, Body inner) {
        if (inner.kind == Body.Kind.REFUSED) {
            return;
        }
        if (inner.kind != Body.Kind.ASYNC) {
            inner.hasWrongAwait = true;
            findings.error(await, Messages.awaitOutside(inner));
            return;
        }
        String lock = inner.locks.any();
        if (inner.monitors > 0) {
            findings.error(await, Messages.UNDER_MONITOR);
        } else if (lock != null) {
            findings.warning(await, Messages.lockHeld(lock));
        }
        inner.noteComplete(await.getArguments().get(0));
    }

    private void checkBlocking(MethodInvocationTree call, ExecutableElement method, Body inner) {
        String name = method.getSimpleName().toString();
        ExpressionTree receiver =
                call.getMethodSelect() instanceof MemberSelectTree select ? select.getExpression() : null;
        if (receiver != null && name.equals("isDone")) {
            inner.noteComplete(receiver);
        } else if (name.equals("allOf")) {
            inner.noteAllComplete();
        }
        String remedy = blockingCalls.remedy(method);
        boolean isComplete =
                receiver != null && BlockingCalls.asksForResult(method) && !inner.mayBeIncomplete(receiver);
        if (remedy != null && !isComplete) {
            findings.warning(call, Messages.blocks(Types.nameOfClass(method) + "." + name, remedy));
        }
    }

    @Override
    public @Nullable Void visitNewClass(NewClassTree node, @Nullable Void none) {
        ExecutableElement constructor = body != null && body.runsInLoop ? types.method(node) : null;
        String remedy = constructor == null ? null : blockingCalls.remedy(constructor);
        if (constructor != null && remedy != null) {
            String name = "new " + Types.nameOfClass(constructor);
            findings.warning(node, Messages.blocks(name, remedy));
        }
        return super.visitNewClass(node, null);
    }
}
