// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.EnvironmentView;
import dev.cumulane.run.Release;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an environment does in a simulated world: each step of a deployment succeeds after five seconds unless told otherwise. What is said last holds. */
public final class ScriptedEnvironment {
    /** What is wrong with what is deployed. */
    enum Illness {
        /** Nothing. */
        NONE,
        /** It does not answer after it was started. */
        AT_ONCE,
        /** It does not answer any more once it has traffic. */
        UNDER_TRAFFIC
    }

    private final String name;
    private Illness illness = Illness.NONE;
    private String detail = "";
    private Duration stepTakes = Duration.ofSeconds(5);
    private final Map<Digest, Integer> starts = new HashMap<>();
    private final Set<String> ringing = new HashSet<>();
    private final Map<String, Duration> ringingLater = new HashMap<>();
    private @Nullable Instant sharedSince;
    private boolean hanging;
    private boolean stopped;
    private long highestFence;
    private int lastIndex;
    private long completedFence;
    private @Nullable Release live;
    private @Nullable Release former;
    private @Nullable Release prepared;
    private int percent;

    ScriptedEnvironment(String name) {
        this.name = name;
    }

    /**
     * What is deployed is healthy.
     *
     * @return this script
     */
    public ScriptedEnvironment isHealthy() {
        return ill(Illness.NONE, "");
    }

    /**
     * What is deployed never becomes healthy; it gets no traffic.
     *
     * @return this script
     */
    public ScriptedEnvironment failsHealthCheck() {
        return ill(Illness.AT_ONCE, "the health check answered 500");
    }

    /**
     * What is deployed is healthy at first, and not any more once it has traffic.
     *
     * @return this script
     */
    public ScriptedEnvironment fallsIllUnderTraffic() {
        return ill(Illness.UNDER_TRAFFIC, "the health check answered 500 under traffic");
    }

    /**
     * An alarm of the monitoring rings until it is told not to.
     *
     * @param alarm the alarm's name
     * @return this script
     */
    public ScriptedEnvironment rings(String alarm) {
        ringing.add(alarm);
        return this;
    }

    /**
     * An alarm of the monitoring rings when a release that is being rolled out has had a share of the traffic for this long, and until it has none.
     *
     * @param alarm the alarm's name
     * @param time zero or more, in the world's time
     * @return this script
     */
    public ScriptedEnvironment rings(String alarm, Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("an alarm rings after no time or more, not " + time);
        }
        ringingLater.put(alarm, time);
        return this;
    }

    /**
     * No alarm rings.
     *
     * @return this script
     */
    public ScriptedEnvironment isQuiet() {
        ringing.clear();
        ringingLater.clear();
        return this;
    }

    /**
     * No step of a deployment ends but a rollback, until it is told how long steps take.
     *
     * @return this script
     */
    public ScriptedEnvironment hangs() {
        hanging = true;
        return this;
    }

    /**
     * Each step of a deployment takes this long; five seconds unless said otherwise.
     *
     * @param time zero or more, in the world's time
     * @return this script
     */
    public ScriptedEnvironment takes(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("a step takes no time or more, not " + time);
        }
        stepTakes = time;
        hanging = false;
        return this;
    }

    /**
     * The release that has the traffic, or the larger part of it.
     *
     * @return its artifacts by digest; empty if nothing was ever deployed
     */
    public Optional<Release> live() {
        return Optional.ofNullable(live);
    }

    /**
     * How much of the traffic a release has that is being rolled out.
     *
     * @return 0 to 100 percent; 0 when no rollout is under way
     */
    public int canaryPercent() {
        return percent;
    }

    /**
     * Somebody stops what is deployed, by other means than a run; what a run deploys next is there again.
     *
     * @return this script
     */
    public ScriptedEnvironment isStopped() {
        stopped = true;
        return this;
    }

    String name() {
        return name;
    }

    EnvironmentView.Service service() {
        return stopped
                ? new EnvironmentView.Service(EnvironmentView.Standing.STOPPED, Optional.empty())
                : new EnvironmentView.Service(EnvironmentView.Standing.RUNNING, address());
    }

    boolean rings(String alarm, Instant now) {
        Duration later = ringingLater.get(alarm);
        boolean late =
                later != null && sharedSince != null && !sharedSince.plus(later).isAfter(now);
        return late || ringing.contains(alarm);
    }

    Duration stepTakes() {
        return stepTakes;
    }

    /** Whether a step never ends. */
    boolean hangs(DeploymentStep step) {
        return hanging && !(step.wanted() instanceof DeploymentStep.RolledBack);
    }

    /** What keeps a step from being done: a later grant makes earlier ones stale, and a later step earlier ones. */
    Optional<String> refusal(DeploymentStep step) {
        if (step.fence() > highestFence) {
            highestFence = step.fence();
            lastIndex = 0;
        }
        if (step.fence() < highestFence) {
            return Optional.of("stale: deployment " + step.fence() + " of environment '" + name
                    + "' comes after deployment " + highestFence);
        }
        lastIndex = Math.max(lastIndex, step.index());
        return step.index() == lastIndex
                ? Optional.empty()
                : Optional.of("stale: step " + step.index() + " comes after step " + lastIndex);
    }

    // Each makes a state true and says what is wrong, if it cannot be.

    Optional<String> prepare(Release release) {
        starts.merge(release.artifacts().get(0).digest(), 1, Integer::sum);
        prepared = release;
        percent = 0;
        return illness == Illness.AT_ONCE ? Optional.of(detail) : Optional.empty();
    }

    Optional<String> shift(int share, Instant now) {
        if (prepared == null) {
            return Optional.of("no release is prepared");
        }
        percent = share;
        sharedSince = sharedSince == null ? now : sharedSince;
        return Optional.empty();
    }

    Optional<String> check(Optional<String> alarm, Instant now) {
        if (alarm.filter(one -> rings(one, now)).isPresent()) {
            return Optional.of("alarm '" + alarm.get() + "' rings");
        }
        return illness == Illness.NONE ? Optional.empty() : Optional.of(detail);
    }

    Optional<String> complete(long fence) {
        if (prepared == null) {
            return Optional.of("no release is prepared");
        }
        former = live;
        live = prepared;
        stopped = false;
        completedFence = fence;
        endRollout();
        return Optional.empty();
    }

    Optional<String> rollBack(long fence) {
        if (completedFence == fence) {
            live = former;
        }
        endRollout();
        return Optional.empty();
    }

    private void endRollout() {
        prepared = null;
        percent = 0;
        sharedSince = null;
    }

    /** Where it answers, if anything has traffic. */
    Optional<String> address() {
        return live != null || percent > 0 ? Optional.of("http://" + name + ".simulated") : Optional.empty();
    }

    /** How often a release with this package was started. */
    int starts(Digest artifact) {
        return starts.getOrDefault(artifact, 0);
    }

    /** What answers the request of this number: of a hundred in a row, each release gets its share. */
    Optional<Release> answer(int request) {
        return Math.floorMod(request * 37, 100) < percent ? Optional.ofNullable(prepared) : live();
    }

    private ScriptedEnvironment ill(Illness how, String why) {
        illness = how;
        detail = why;
        return this;
    }
}
