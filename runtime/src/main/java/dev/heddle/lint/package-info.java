/**
 * Finds mistakes with coroutines while javac compiles. {@link dev.heddle.lint.HeddlePlugin} starts by itself in every compilation whose class path contains
 * the runtime; it uses the tree API of the JDK alone.
 */
@NullMarked
package dev.heddle.lint;

import org.jspecify.annotations.NullMarked;
