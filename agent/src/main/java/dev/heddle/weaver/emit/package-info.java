/** Bytecode from a {@link dev.heddle.weaver.analysis.ClassPlan}, and nothing else: {@link dev.heddle.weaver.emit.ClassEmitter} is the entry. */
@NullMarked
package dev.heddle.weaver.emit;

import org.jspecify.annotations.NullMarked;
