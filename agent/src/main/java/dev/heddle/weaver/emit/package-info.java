/**
 * Emits bytecode from a {@link dev.heddle.weaver.analysis.ClassPlan}. The entry point is
 * {@link dev.heddle.weaver.emit.ClassEmitter}.
 */
@NullMarked
package dev.heddle.weaver.emit;

import org.jspecify.annotations.NullMarked;
