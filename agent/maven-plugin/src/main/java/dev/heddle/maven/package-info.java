/**
 * The Maven plugin: {@link dev.heddle.maven.WeaveMojo weave} and {@link dev.heddle.maven.WeaveTestsMojo weave-tests} weave at build
 * time, {@link dev.heddle.maven.PrepareAgentMojo prepare-agent} runs tests with the agent instead, and
 * {@link dev.heddle.maven.CheckMojo check} reports what cannot be woven.
 */
@NullMarked
package dev.heddle.maven;

import org.jspecify.annotations.NullMarked;
