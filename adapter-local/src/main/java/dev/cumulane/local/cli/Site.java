// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.pipeline.Plan;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The place where the commands work: a cloud, and what else one machine knows of it. Made for one command, on whose thread everything is called, and closed after
 * it.
 */
public interface Site extends AutoCloseable {
    /** Makes the site, once the options are known. */
    @FunctionalInterface
    interface Opener {
        /**
         * Opens the site. A {@code --help} never comes here.
         *
         * @param wishes what the options ask for
         * @return the site
         * @throws UsageException if this cloud has no such option
         * @throws CloudException if the place cannot be used
         */
        Site open(Wishes wishes);
    }

    /** What is to become of a stage in a container, on a machine without containers. */
    enum Containers {
        /** The work is refused. */
        REQUIRED,
        /** The work runs on the host, with a notice that names the image. */
        HOST
    }

    /**
     * What the options ask for.
     *
     * @param cloud the cloud, if another than the program's own
     * @param state the state directory, if another than the usual one
     * @param containers what becomes of containers, if another thing than usual
     * @param notices takes a line that the user should see, from any thread
     */
    record Wishes(
            Optional<NamedCloud> cloud,
            Optional<Path> state,
            Optional<Containers> containers,
            Consumer<String> notices) {}

    /**
     * A process that works here.
     *
     * @param pid its process id
     * @param since when it began
     */
    record Worker(long pid, Instant since) {}

    /**
     * What to call this place in messages.
     *
     * @return such as {@code state directory /home/ada/.cumulane}
     */
    String name();

    /**
     * Whether this is one machine, whose work a process does.
     *
     * @return false for a cloud whose own functions work
     */
    boolean isMachine();

    /**
     * Whether anything has ever run here. Asking leaves nothing behind, where using the cloud would.
     *
     * @return false if there is nothing to show
     */
    boolean used();

    /**
     * The cloud.
     *
     * @return the same each time; closed with the site
     */
    Cloud cloud();

    /**
     * Makes this process the one that works here, until the site is closed.
     *
     * @return false if another process does
     */
    boolean claim();

    /**
     * Whether runs go on here without this process: on a cloud always, on one machine while another process works.
     *
     * @return whether a signal that is sent now is handled soon
     */
    boolean worked();

    /**
     * The process that works here, as far as it is known.
     *
     * @return empty if there is none, or if it is not a process
     */
    Optional<Worker> worker();

    /**
     * Why nothing goes on here, as far as it is known.
     *
     * @return a failure that does not pass by itself, or empty if there is none
     */
    Optional<CloudException> broken();

    /**
     * Tells, before a pipeline runs here, what becomes of its stages in another way than it says.
     *
     * @param plan the pipeline's plan
     */
    void announce(Plan plan);

    /**
     * Stops what is deployed to an environment.
     *
     * @param environment its name
     * @return one line that says what was stopped
     * @throws IllegalArgumentException if there is no such environment; the message names those there are
     */
    String stop(String environment);

    @Override
    void close();
}
