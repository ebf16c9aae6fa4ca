// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.work;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.local.process.HostEnvironment;
import dev.cumulane.local.process.Starter;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.TrustLevel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Where and how this machine does work; shared by builds and functions.
 *
 * @param state the state directory
 * @param over is told when an attempt's work is over
 * @param secrets the value of a secret reference
 * @param grace how long stopped work may take to end before it is killed
 * @param starter starts processes
 * @param forks whether it does work of people who are not trusted
 */
public record WorkPlace(
        Path state,
        Consumer<AttemptId> over,
        Function<String, Optional<String>> secrets,
        Duration grace,
        Starter starter,
        boolean forks) {
    /** Makes the directory absolute: a child starts elsewhere. */
    public WorkPlace {
        state = state.toAbsolutePath().normalize();
        if (grace.isNegative() || grace.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new IllegalArgumentException("the grace of stopped work is 0 to 10 minutes, not " + grace);
        }
    }

    /**
     * The ordinary place: no secrets, and a grace of five seconds.
     *
     * @param state the state directory
     * @param over is told when an attempt's work is over
     * @return the place
     */
    public static WorkPlace at(Path state, Consumer<AttemptId> over) {
        return new WorkPlace(
                state, over, reference -> Optional.empty(), Duration.ofSeconds(5), Starter.ofThisMachine(), false);
    }

    /**
     * The same place with these secrets.
     *
     * @param secrets the value of a secret reference, or empty if there is none
     * @return the place
     */
    public WorkPlace withSecrets(Function<String, Optional<String>> secrets) {
        return new WorkPlace(state, over, secrets, grace, starter, forks);
    }

    /**
     * The same place with this grace.
     *
     * @param grace how long stopped work may take to end before it is killed
     * @return the place
     */
    public WorkPlace withGrace(Duration grace) {
        return new WorkPlace(state, over, secrets, grace, starter, forks);
    }

    /**
     * The same place with this starter.
     *
     * @param starter starts processes
     * @return the place
     */
    public WorkPlace withStarter(Starter starter) {
        return new WorkPlace(state, over, secrets, grace, starter, forks);
    }

    /**
     * The same place, which does work of people who are not trusted as well, or does not.
     *
     * @param forks true if it does
     * @return the place
     */
    public WorkPlace withForks(boolean forks) {
        return new WorkPlace(state, over, secrets, grace, starter, forks);
    }

    /**
     * Where an attempt's work prints to.
     *
     * @param state the state directory
     * @param attempt the attempt
     * @return the file, which may not exist
     */
    public static Path log(Path state, AttemptId attempt) {
        return WorkProcesses.directory(state, attempt).resolve("log.txt");
    }

    /**
     * Whether an attempt's work lives, for a reader who does not watch over it.
     *
     * @param state the state directory
     * @param attempt the attempt
     * @return the phase; unknown if no work was started
     */
    public static WorkRunner.Phase phase(Path state, AttemptId attempt) {
        return WorkProcesses.phase(state, attempt);
    }

    WorkProcesses processes() {
        return new WorkProcesses(state, grace, starter, over);
    }

    /** What of our environment a child may have, and the order's secrets. */
    SortedMap<String, String> environment(WorkOrder order) {
        if (order.trust() == TrustLevel.UNTRUSTED && !forks) {
            throw CloudException.permanent(
                    "processes",
                    "work for a fork can read whatever this machine's user can, secrets too, and is not run;"
                            + " LocalCloud.runningForks() runs it");
        }
        if (order.trust() == TrustLevel.UNTRUSTED && !order.secrets().isEmpty()) {
            throw CloudException.permanent(
                    "secrets",
                    "untrusted work gets no secret, and asks for "
                            + order.secrets().keySet());
        }
        SortedMap<String, String> environment = HostEnvironment.allowed();
        order.secrets()
                .forEach((variable, reference) -> environment.put(
                        variable,
                        secrets.apply(reference)
                                .orElseThrow(() -> CloudException.permanent(
                                        "secrets", "there is no secret '" + reference + "' on this machine"))));
        return environment;
    }
}
