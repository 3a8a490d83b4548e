/**
 * The calling convention between woven code and the runtime: the classes that generated code calls and extends. Programs do not use this package.
 *
 * <p>{@link dev.heddle.woven.Suspension} has the operations of an await. A suspended method keeps its values in a {@link dev.heddle.woven.Frame}, and an
 * {@link dev.heddle.woven.Entry} continues its body. The runtime connects itself by extending
 * {@link dev.heddle.woven.Driver} and {@link dev.heddle.woven.FrameObserver}. This package therefore depends on no package above it but for {@link
 * dev.heddle.Coroutine}.
 *
 * <p>Members that generated code uses stay as they are in every later version. {@link dev.heddle.woven.Convention} states the version.
 */
@NullMarked
package dev.heddle.woven;

import org.jspecify.annotations.NullMarked;
