// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.work;

import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.TrustLevel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.TreeMap;

/** A process of its own that starts a build, prints the build's id and waits to be killed. */
public final class EngineThatDies {
    private EngineThatDies() {}

    /**
     * Starts a build.
     *
     * @param words the state directory, the attempt, the script
     */
    public static void main(String[] words) throws Exception {
        ProcessBuilds builds = new ProcessBuilds(
                WorkPlace.at(Path.of(words[0]), attempt -> {}),
                new ProcessBuilds.Containers.OnThisMachine(line -> {}),
                order -> words[2]);
        WorkOrder order = new WorkOrder(
                AttemptId.parse(words[1]),
                Digest.of(new byte[0]),
                new WorkOrder.Container("alpine:3.20"),
                Duration.ofMinutes(1),
                new TreeMap<>(),
                TrustLevel.TRUSTED);
        System.out.println(builds.start(order));
        Thread.currentThread().join();
    }
}
