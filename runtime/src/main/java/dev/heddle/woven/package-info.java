/** What rewritten code calls: the contract between the agent and the runtime. Programs do not use it. */
@NullMarked
package dev.heddle.woven;

import org.jspecify.annotations.NullMarked;
