/** The weaver, from bytes to bytes: {@link dev.heddle.weaver.Weaver} is its entry. It loads no class and does no I/O. */
@NullMarked
package dev.heddle.weaver;

import org.jspecify.annotations.NullMarked;
