// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Service;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.TrustLevel;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a {@link WorkRunner} is asked to run: the order itself lies in the artifact store, under its digest.
 *
 * @param attempt the attempt; at most one start of it takes effect, by its claim
 * @param order the order's digest: a POSIX sh script for a build, a JSON document for a function
 * @param runs what it runs on
 * @param within the time limit, from when the service accepted it
 * @param secrets environment variable to secret reference; the value is bound by the service, in the worker alone
 * @param trust how far the run is trusted
 * @param pass what fetches the order of a build from ingress; empty where the cloud has no {@linkplain Cloud#workEndpoint() endpoint for it}, and for functions
 */
public record WorkOrder(
        AttemptId attempt,
        Digest order,
        Runs runs,
        Duration within,
        SortedMap<String, String> secrets,
        TrustLevel trust,
        Optional<Pass> pass) {
    /** Copies the map. */
    public WorkOrder {
        secrets = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(secrets));
    }

    /**
     * An order that is fetched without a pass.
     *
     * @param attempt the attempt
     * @param order the order's digest
     * @param runs what it runs on
     * @param within the time limit
     * @param secrets environment variable to secret reference
     * @param trust how far the run is trusted
     */
    public WorkOrder(
            AttemptId attempt,
            Digest order,
            Runs runs,
            Duration within,
            SortedMap<String, String> secrets,
            TrustLevel trust) {
        this(attempt, order, runs, within, secrets, trust, Optional.empty());
    }

    /**
     * Lets its bearer fetch one order from ingress, until the attempt must have ended: however long a service lets the build wait, it can begin. {@link WorkLauncher} puts it into the
     * launcher.
     *
     * @param address where ingress is asked
     * @param text what is shown there: letters, digits, and spaces
     */
    public record Pass(URI address, String text) {
        private static final Pattern FORM = Pattern.compile("[a-z0-9 ]{1,300}");

        /** Refuses text that could not stand in a launcher as it is. */
        public Pass {
            if (!FORM.matcher(text).matches()) {
                throw new IllegalArgumentException("not the text of a pass, of " + text.length() + " characters");
            }
        }

        /** The address alone: whoever has the text can read the order. */
        @Override
        public String toString() {
            return "pass for " + address;
        }
    }

    /** What an order runs on. */
    public sealed interface Runs {}

    /**
     * A container build.
     *
     * @param image the image's name
     * @param services containers that run beside it, reached under their names; only where the cloud has {@link Capability#SERVICES}
     */
    public record Container(String image, List<Service> services) implements Runs {
        /** Copies the list. */
        public Container {
            services = List.copyOf(services);
        }

        /**
         * A container build with nothing beside it.
         *
         * @param image the image's name
         */
        public Container(String image) {
            this(image, List.of());
        }
    }

    /**
     * A function stage.
     *
     * @param className the stage's class
     * @param code the digest of the jar that holds it, in the artifact store; empty where the cloud finds the code by itself
     */
    public record Function(String className, Optional<Digest> code) implements Runs {}
}
