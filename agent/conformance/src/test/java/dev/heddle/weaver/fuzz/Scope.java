package dev.heddle.weaver.fuzz;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The variables and labels to which generated code may refer at one place, and the type that it may return. */
final class Scope {

    /** A variable in scope; {@code assignable} ones are never captured, {@code constant} ones may be. */
    record Variable(String name, Type type, boolean assignable, boolean constant) {}

    /** A jump target: {@code label} or an innermost statement if null. */
    record Target(String label, boolean loop) {}

    final List<Variable> variables = new ArrayList<>();
    final List<Target> targets = new ArrayList<>();
    /** The type that {@code return} returns, or null where there must be no {@code return}. */
    final @Nullable Type result;
    /** Whether an await is allowed here. */
    final boolean awaits;

    final boolean instance;

    /** The number of enclosing lambdas. javac may analyse a lambda several times for each lambda around it. */
    private final int lambdas;

    private Scope(@Nullable Type result, boolean awaits, boolean instance, int lambdas) {
        this.result = result;
        this.awaits = awaits;
        this.instance = instance;
        this.lambdas = lambdas;
    }

    static Scope method(Type result, boolean instance) {
        return new Scope(result, true, instance, 0);
    }

    /** A block inside. */
    Scope nested() {
        return copy(result, awaits, true, lambdas);
    }

    /** A block inside that jumps may leave for {@code target}. */
    Scope nested(Target target) {
        Scope scope = nested();
        scope.targets.add(target);
        return scope;
    }

    /** A block inside in which there is no await. */
    Scope withoutAwaits() {
        return copy(result, false, true, lambdas);
    }

    /** A block inside an expression, which nothing jumps out of. */
    Scope withoutJumps() {
        return copy(null, awaits, false, lambdas);
    }

    /** The body of a lambda, with its own result. */
    Scope lambda(@Nullable Type ownResult, boolean ownAwaits) {
        Scope scope = copy(ownResult, ownAwaits, false, lambdas + 1);
        scope.variables.removeIf(variable -> !variable.constant);
        return scope;
    }

    /** Whether a lambda with awaits is allowed here. */
    boolean allowsLambda() {
        return awaits && lambdas < 2;
    }

    private Scope copy(@Nullable Type newResult, boolean newAwaits, boolean jumps, int newLambdas) {
        Scope scope = new Scope(newResult, newAwaits, instance, newLambdas);
        scope.variables.addAll(variables);
        if (jumps) {
            scope.targets.addAll(targets);
        }
        return scope;
    }

    void declare(String name, Type type) {
        variables.add(new Variable(name, type, true, false));
    }

    void declareConstant(String name, Type type) {
        variables.add(new Variable(name, type, false, true));
    }

    /** A variable that only the loop around changes. */
    void declareCounter(String name) {
        variables.add(new Variable(name, Type.INT, false, false));
    }

    List<Variable> readable(Type type) {
        return variables.stream().filter(variable -> variable.type == type).toList();
    }

    List<Variable> assignable() {
        return variables.stream().filter(Variable::assignable).toList();
    }

    List<Variable> assignable(Type type) {
        return assignable().stream().filter(variable -> variable.type == type).toList();
    }
}
