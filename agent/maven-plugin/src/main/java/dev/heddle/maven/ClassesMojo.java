// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.maven;

import dev.heddle.agent.BuildTimeWeaving;
import dev.heddle.agent.BuildTimeWeaving.Outcome;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugin.logging.Log;
import org.apache.maven.plugins.annotations.Parameter;

/** A goal that weaves or checks directories of compiled classes. */
abstract class ClassesMojo extends AbstractMojo {

    /** Leaves out this goal. */
    @Parameter(property = "heddle.skip", defaultValue = "false")
    private boolean skip;

    /** Weaves the classes in those of {@code directories} that exist. */
    final void weave(File... directories) throws MojoExecutionException, MojoFailureException {
        run(BuildTimeWeaving::weave, "woven", directories);
    }

    /** Checks the classes in those of {@code directories} that exist, and writes nothing. */
    final void check(File... directories) throws MojoExecutionException, MojoFailureException {
        run(BuildTimeWeaving::check, "checked", directories);
    }

    private interface Task {
        Outcome run(List<Path> paths, BuildTimeWeaving.Messages messages);
    }

    private void run(Task task, String done, File... directories) throws MojoExecutionException, MojoFailureException {
        if (skip) {
            getLog().info("nothing is " + done + ": heddle.skip is set");
            return;
        }
        List<Path> paths = Stream.of(directories)
                .filter(File::isDirectory)
                .map(File::toPath)
                .toList();
        if (paths.isEmpty()) {
            getLog().info("nothing is " + done + ": there are no classes");
            return;
        }
        Outcome outcome = task.run(paths, new LogMessages(getLog()));
        switch (outcome) {
            case DONE -> {}
            case REFUSED ->
                throw new MojoFailureException(
                        "Heddle has found mistakes: the messages above name the methods, the rules"
                                + " and the remedies. A method that is not woven throws when it awaits.");
            case FAILED ->
                throw new MojoExecutionException("Heddle could not read or write all classes: see the messages above");
        }
    }

    /** Passes messages on to Maven. */
    private record LogMessages(Log log) implements BuildTimeWeaving.Messages {

        @Override
        public void info(String message) {
            log.info(message);
        }

        @Override
        public void warn(String message) {
            log.warn(message);
        }

        @Override
        public void error(String message) {
            log.error(message);
        }
    }
}
