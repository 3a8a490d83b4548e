/**
 * The entry points of the weaver: {@link dev.heddle.agent.PreMain} for the agent, and {@link dev.heddle.agent.Main} for
 * weaving at build time. They select classes, pass them to the weaver and report the results.
 */
@NullMarked
package dev.heddle.agent;

import org.jspecify.annotations.NullMarked;
