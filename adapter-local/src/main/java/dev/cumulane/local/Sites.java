// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.local.cli.Site;
import dev.cumulane.local.cli.UsageException;
import dev.cumulane.local.deliveries.EnvironmentStatus;
import dev.cumulane.local.journal.SqliteJournal;
import dev.cumulane.pipeline.Plan;
import java.nio.file.Files;
import java.util.Optional;
import java.util.TreeSet;

/** Where the command line works: this machine, or a cloud that works by itself. */
final class Sites {
    private Sites() {}

    static Site open(Cloud cloud, Site.Wishes wishes) {
        if (cloud instanceof LocalCloud local) {
            return new Machine(asWished(local, wishes));
        }
        if (wishes.state().isPresent() || wishes.containers().isPresent()) {
            throw new UsageException(
                    "--state and --containers are for this machine; cloud '" + cloud.name() + "' has neither choice");
        }
        return new Elsewhere(cloud);
    }

    private static LocalCloud asWished(LocalCloud local, Site.Wishes wishes) {
        LocalCloud cloud = local.noticesTo(wishes.notices());
        if (wishes.state().isPresent()) {
            cloud = cloud.movedTo(wishes.state().get());
        }
        if (wishes.containers().isPresent()) {
            cloud = switch (wishes.containers().get()) {
                case REQUIRED -> cloud.containersRequired();
                case HOST -> cloud.containersOnThisMachine();
            };
        }
        return cloud;
    }

    /** A state directory of this machine. */
    private static final class Machine implements Site {
        private final LocalCloud cloud;

        Machine(LocalCloud cloud) {
            this.cloud = cloud;
        }

        @Override
        public String name() {
            return "state directory " + cloud.state();
        }

        @Override
        public boolean isMachine() {
            return true;
        }

        @Override
        public boolean used() {
            // What cannot be looked into is for the cloud to complain about.
            return !Files.notExists(cloud.state().resolve(SqliteJournal.FILE));
        }

        @Override
        public Cloud cloud() {
            return cloud;
        }

        @Override
        public boolean claim() {
            return cloud.claim();
        }

        @Override
        public boolean worked() {
            return EngineLock.holder(cloud.state()).isPresent();
        }

        @Override
        public Optional<Worker> worker() {
            return EngineLock.holder(cloud.state()).map(holder -> new Worker(holder.pid(), holder.startedAt()));
        }

        @Override
        public Optional<CloudException> broken() {
            return cloud.broken();
        }

        @Override
        public void announce(Plan plan) {
            cloud.announce(plan);
        }

        @Override
        public String stop(String environment) {
            TreeSet<String> known = new TreeSet<>(cloud.deliveries().environments());
            if (!known.contains(environment)) {
                throw new IllegalArgumentException("no environment '" + environment + "'; there are: "
                        + (known.isEmpty() ? "none" : String.join(", ", known)));
            }
            Optional<EnvironmentStatus> status = cloud.deliveries().status(environment);
            try {
                boolean stopped = cloud.deliveries().stop(environment);
                return stopped
                        ? environment + " is stopped"
                                + status.map(was -> "; it answered at " + was.address())
                                        .orElse("")
                        : environment + " was not running";
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw CloudException.retryable("deployments", "interrupted while " + environment + " was stopping", e);
            }
        }

        @Override
        public void close() {
            cloud.close();
        }
    }

    /** A cloud whose own functions work. */
    private static final class Elsewhere implements Site {
        private final Cloud cloud;

        Elsewhere(Cloud cloud) {
            this.cloud = cloud;
        }

        @Override
        public String name() {
            return "cloud '" + cloud.name() + "'";
        }

        @Override
        public boolean isMachine() {
            return false;
        }

        @Override
        public boolean used() {
            return true;
        }

        @Override
        public Cloud cloud() {
            return cloud;
        }

        @Override
        public boolean claim() {
            return true;
        }

        @Override
        public boolean worked() {
            return true;
        }

        @Override
        public Optional<Worker> worker() {
            return Optional.empty();
        }

        @Override
        public Optional<CloudException> broken() {
            return Optional.empty();
        }

        /** A cloud runs what the pipeline says. */
        @Override
        public void announce(Plan plan) {}

        @Override
        public String stop(String environment) {
            throw new UsageException("'stop' is for this machine; what cloud '" + cloud.name() + "' runs in '"
                    + environment + "' is stopped there");
        }

        @Override
        public void close() {
            cloud.close();
        }
    }
}
