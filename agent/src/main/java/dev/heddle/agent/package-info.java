/**
 * The entry points of the weaver: {@link dev.heddle.agent.PreMain} for the agent, {@link dev.heddle.agent.Main} for weaving at build
 * time, and {@link dev.heddle.agent.BuildTimeWeaving} for build tools that call it. They select classes, pass them to the weaver and report the results.
 */
@NullMarked
package dev.heddle.agent;

import org.jspecify.annotations.NullMarked;
