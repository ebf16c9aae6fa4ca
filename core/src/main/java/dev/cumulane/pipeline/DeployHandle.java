// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.time.Duration;
import java.util.List;

/** A deployment while its pipeline is being defined. */
public final class DeployHandle extends StageHandle<DeployHandle> {
    private final ReleaseHandle release;
    private final Environment environment;
    private Rollout rollout = Rollout.allAtOnce();
    private Duration within = Duration.ofMinutes(15);

    DeployHandle(PipelineDefinition owner, String name, ReleaseHandle release, Environment environment) {
        super(owner, name);
        this.release = release;
        this.environment = environment;
        owner.checkOwns(release.owner(), "release '" + release.name() + "'", name);
        read(release.artifacts());
    }

    /**
     * Rolls out this way; all at once unless said otherwise.
     *
     * @param way how the release takes over
     * @return this stage
     */
    public DeployHandle rollingOut(Rollout way) {
        owner().checkOpen();
        rollout = way;
        return this;
    }

    /**
     * Limits the time of each of its steps; holds do not count.
     *
     * @param time more than zero, at most twelve hours
     * @return this stage
     */
    public DeployHandle within(Duration time) {
        owner().checkOpen();
        within = Limits.check("a deployment's time limit", time, Limits.LONGEST_DEPLOYMENT);
        return this;
    }

    /**
     * Where the environment answers once this has deployed, for {@code env} of later stages.
     *
     * @return the address
     */
    public AddressHandle address() {
        return new AddressHandle(owner(), name());
    }

    boolean isOfItself() {
        return environment.equals(Environment.ITSELF);
    }

    @Override
    DeployHandle self() {
        return this;
    }

    @Override
    Stage compile(Stage.Needs needs) {
        List<Artifact> artifacts = release.artifacts().stream()
                .<Artifact>map(ArtifactHandle::artifact)
                .toList();
        return new Stage.Deploy(
                name(),
                needs,
                new Stage.Delivery(release.name(), artifacts, environment, rollout),
                new Limits(within, Retry.never()));
    }
}
