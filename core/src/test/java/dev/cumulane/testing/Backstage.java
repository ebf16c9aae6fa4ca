// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import dev.cumulane.internal.order.OrderKeys;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Release;
import dev.cumulane.run.RunId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** What the simulation sees and steers of a {@link SimulatedCloud} beyond what users do. */
public final class Backstage {
    private final SimulatedCloud cloud;

    public Backstage(SimulatedCloud cloud) {
        this.cloud = cloud;
    }

    /** Sees what happens in the world, as it happens. */
    public interface Watcher extends Witness {}

    /** The faults there are. */
    public static List<String> faults() {
        return Arrays.stream(Fault.values()).map(Enum::name).toList();
    }

    public void watch(Watcher watcher) {
        cloud.world().setWitness(watcher);
    }

    public void draw(RandomGenerator dice) {
        cloud.world().setDice(dice);
    }

    /** Does this between any two calls of a port. */
    public void meanwhile(Runnable what) {
        cloud.world().setMeanwhile(what);
    }

    /** The order that an attempt's worker was given. */
    public byte[] order(AttemptId attempt) {
        return cloud.order(attempt).orElseThrow();
    }

    /** An object of the artifact store. */
    public byte[] object(Digest digest) {
        return cloud.object(digest);
    }

    /** Does something at an instant, which does not keep the world from coming to rest. */
    public void plan(Instant at, Runnable what) {
        cloud.world().plan(at, World.Sort.TIMER, what);
    }

    /** The release that has the traffic of an environment, whatever the engine knows of it. */
    public Optional<Release> live(String environment) {
        return cloud.environment(environment).live();
    }

    /** How much of an environment's traffic goes to a release that is not the live one. */
    public int percent(String environment) {
        return cloud.environment(environment).canaryPercent();
    }

    /** Whether a run is listed as open. */
    public boolean isListed(RunId run) {
        return cloud.isListed(run);
    }

    /** What the result of an attempt holds. */
    public Optional<String> result(AttemptId attempt) {
        return cloud.peek(OrderKeys.result(attempt)).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }
}
