/** The contract between the agent and the runtime: the classes that woven code calls and extends. Programs do not use them. */
@NullMarked
package dev.heddle.woven;

import org.jspecify.annotations.NullMarked;
