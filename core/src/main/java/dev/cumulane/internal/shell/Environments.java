// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.internal.machine.LockProgress;
import dev.cumulane.run.Deployment;
import dev.cumulane.run.EnvironmentView;
import dev.cumulane.run.EnvironmentView.Service;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The environments that a cloud deploys to: what the journal knows of them, and what the cloud says. */
final class Environments {
    private static final Logger LOG = LoggerFactory.getLogger(Environments.class);

    private final Cloud cloud;
    private final Locks locks;

    Environments(Cloud cloud, Locks locks) {
        this.cloud = cloud;
        this.locks = locks;
    }

    /** Their names, sorted. */
    List<String> names() {
        return cloud.deliveries().environments().stream().sorted().toList();
    }

    /** One as it is now. */
    EnvironmentView view(String name, Function<RunId, Optional<RunView>> runs) {
        List<String> names = names();
        LockProgress lock = names.contains(name) || StreamId.isName(name)
                ? locks.find(StreamId.environment(name))
                : LockProgress.unused();
        if (!names.contains(name) && lock.fence() == 0) {
            throw new IllegalArgumentException("no environment '" + name.replaceAll("\\p{Cntrl}", "?")
                    + "'; there are: " + (names.isEmpty() ? "none" : String.join(", ", names)));
        }
        Service service = lock.live()
                .map(live -> {
                    Service said = names.contains(name) ? said(name) : Service.UNKNOWN;
                    return said.address().isPresent() ? said : new Service(said.standing(), address(live, runs));
                })
                .orElse(Service.UNKNOWN);
        return Views.of(name, lock, service);
    }

    private Service said(String name) {
        try {
            return cloud.deliveries().service(name);
        } catch (CloudException e) {
            LOG.info("whether environment '{}' serves is not known: {}", name, e.getMessage());
            return Service.UNKNOWN;
        }
    }

    /** Where the deployment said that it answers. */
    private static Optional<String> address(Deployment live, Function<RunId, Optional<RunView>> runs) {
        return runs.apply(live.run()).stream()
                .flatMap(run -> run.stages().stream())
                .filter(stage -> stage.name().equals(live.stage()))
                .flatMap(stage -> stage.progress().verdict().stream())
                .flatMap(verdict -> verdict.address().stream())
                .findFirst();
    }
}
