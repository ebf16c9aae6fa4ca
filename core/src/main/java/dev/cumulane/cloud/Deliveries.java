// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import dev.cumulane.run.EnvironmentView;
import java.util.List;
import java.util.Set;

/**
 * Deploys releases to environments, step by step.
 *
 * <p>Called by the engine after an append, from any thread; {@link #begin} again by the sweep while no report has come. A step that was carried out already is
 * reported again and not done twice. A step whose fence is lower than one that the environment has seen, or that was not carried out before a
 * later step of its deployment was begun, is reported as a failure: who calls may have been held up. A rollback
 * never waits for a step of its deployment that is still under way: that one is given up.
 */
public interface Deliveries {
    /**
     * The environments that this cloud has a binding for; the plan check refuses others.
     *
     * @return their names
     */
    Set<String> environments();

    /**
     * What this cloud can do, but not in this environment as it is bound; the plan check refuses it there. Of capabilities that a deployment needs only.
     *
     * @param environment one of the {@linkplain #environments() environments}
     * @return what is lacking; empty unless the port says otherwise
     */
    default Set<Capability> lacking(String environment) {
        return Set.of();
    }

    /**
     * Several ports as one: each environment is deployed to by the one that has a binding for it.
     *
     * @param ports the ports, no two with a binding of one name
     * @return the port that stands for them all
     */
    static Deliveries of(Deliveries... ports) {
        return new JoinedDeliveries(List.of(ports));
    }

    /**
     * Begins a step and returns at once; its end is a {@link SignalEnvelope#stepOver}.
     *
     * @param step the wanted state
     * @throws CloudException retryable: the engine begins it again; permanent: the step has failed
     */
    void begin(DeploymentStep step);

    /**
     * What became of a step. Called by the sweep, and when the step has passed its time limit: one that is under way is then given up, one that is unknown is begun.
     *
     * @param step the wanted state
     * @return what is known of it
     */
    StepState look(DeploymentStep step);

    /**
     * Whether what is deployed to an environment is there now, and where. Called when somebody looks at the environment, never for a run; what it tells changes nothing.
     *
     * @param environment one of the {@linkplain #environments() environments}
     * @return what the cloud knows; unknown unless the port says otherwise
     * @throws CloudException if it cannot be found out now; who looks is told that it is unknown
     */
    default EnvironmentView.Service service(String environment) {
        return EnvironmentView.Service.UNKNOWN;
    }

    /**
     * Whether an alarm of the cloud's monitoring rings. Called while a deployment that watches it keeps its share of the traffic: once a minute or, for longer times, sixty
     * times in all, and by the sweep. Of clouds with {@link Capability#ALARMS} only.
     *
     * @param environment the environment's name
     * @param alarm the alarm's name
     * @return true while it rings
     * @throws CloudException if it cannot be found out now; it is asked again
     */
    default boolean rings(String environment, String alarm) {
        throw CloudException.permanent(
                "deliveries", "this cloud cannot watch alarm '" + alarm + "' of environment '" + environment + "'");
    }
}
