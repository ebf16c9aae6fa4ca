// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far the deployments of an environment have come, for services that have no place to keep it: numbered entries in the artifact store, each created if there is none of its
 * number. The last one counts, and a step that is older than it is stale.
 */
public final class DeploymentLedger {
    /** Of as many writers at once one gets through each time; only who held the environment before can still be writing. */
    private static final int MOST_TRIES = 10;

    private final ArtifactStore store;
    private final String environment;
    /** An entry that is known to exist; entries never vanish, so the search for the last one may begin here. */
    private volatile int known;

    /**
     * The ledger of an environment. Does no I/O.
     *
     * @param store holds it
     * @param environment the environment's name
     */
    public DeploymentLedger(ArtifactStore store, String environment) {
        this.store = store;
        this.environment = environment;
    }

    /**
     * What the last step knew when it began.
     *
     * @param fence the deployment's number
     * @param step the step's
     * @param prepared the release that the deployment brings, by the version of its object; empty before it is in place
     * @param former the one that was live before
     * @param live the one that is to be live now
     */
    public record Entry(
            long fence, int step, Optional<String> prepared, Optional<String> former, Optional<String> live) {
        private static final Pattern TEXT =
                Pattern.compile("fence=([0-9]{1,18}) step=([0-9]{1,6}) prepared=(\\S*) former=(\\S*) live=(\\S*)");

        private static Entry first(DeploymentStep step, Optional<Entry> before) {
            Optional<String> live = before.flatMap(Entry::live);
            return new Entry(step.fence(), step.index(), Optional.empty(), live, live);
        }

        /**
         * The same, bringing a release.
         *
         * @param version the release that the deployment brings
         * @return the entry
         */
        public Entry preparing(String version) {
            return new Entry(fence, step, Optional.of(version), former, live);
        }

        /**
         * The same, with another release that is to be live.
         *
         * @param version the release that is to be live, if any
         * @return the entry
         */
        public Entry leadingTo(Optional<String> version) {
            return new Entry(fence, step, prepared, former, version);
        }

        private Entry at(int index) {
            return new Entry(fence, index, prepared, former, live);
        }

        private String text() {
            return "fence=" + fence + " step=" + step + " prepared=" + prepared.orElse("") + " former="
                    + former.orElse("") + " live=" + live.orElse("");
        }

        private static Entry read(byte[] bytes) {
            Matcher text = TEXT.matcher(new String(bytes, UTF_8));
            if (!text.matches()) {
                throw CloudException.permanent("artifact store", "the ledger of an environment is damaged");
            }
            return new Entry(
                    Long.parseLong(text.group(1)),
                    Integer.parseInt(text.group(2)),
                    version(text.group(3)),
                    version(text.group(4)),
                    version(text.group(5)));
        }

        private static Optional<String> version(String text) {
            return Optional.of(text).filter(one -> !one.isEmpty());
        }

        private DeploymentProgress progress() {
            return new DeploymentProgress(fence, step, prepared.orElse(""), former);
        }
    }

    /**
     * Why a step must not be carried out any more.
     *
     * @param step the step
     * @return one line for people; empty if it may be carried out
     */
    public Optional<String> stale(DeploymentStep step) {
        return entry(last()).flatMap(entry -> entry.progress().stale(step));
    }

    /**
     * What the latest step of a deployment knew.
     *
     * @param step any step of it
     * @return the entry; empty if no step of it has begun
     */
    public Optional<Entry> of(DeploymentStep step) {
        return entry(last()).filter(entry -> entry.fence() == step.fence());
    }

    /**
     * Enters a step. One that is there already stays as it was entered.
     *
     * @param step the step
     * @param change makes the entry of what the deployment knew before
     * @return what is entered of the step; empty if it is stale
     */
    public Optional<Entry> enter(DeploymentStep step, UnaryOperator<Entry> change) {
        for (int tried = 1; tried <= MOST_TRIES; tried++) {
            int number = last();
            Optional<Entry> last = entry(number);
            if (last.flatMap(entry -> entry.progress().stale(step)).isPresent()) {
                return Optional.empty();
            }
            Optional<Entry> own = last.filter(entry -> entry.fence() == step.fence());
            if (own.filter(entry -> entry.step() == step.index()).isPresent()) {
                return own;
            }
            Entry base = own.orElseGet(() -> Entry.first(step, last)).at(step.index());
            store.create(key(number + 1), change.apply(base).text().getBytes(UTF_8));
        }
        throw CloudException.retryable(
                "artifact store",
                "too many write to the ledger of " + environment,
                new IllegalStateException("entry " + known));
    }

    private Optional<Entry> entry(int number) {
        return number == 0 ? Optional.empty() : store.read(key(number)).map(Entry::read);
    }

    /** The number of the last entry: by growing leaps, and then by halves, since there is no way to list keys. */
    private int last() {
        int there = known;
        int leap = 1;
        while (isThere(there + leap)) {
            there += leap;
            leap *= 2;
        }
        int absent = there + leap;
        while (absent - there > 1) {
            int middle = there + (absent - there) / 2;
            if (isThere(middle)) {
                there = middle;
            } else {
                absent = middle;
            }
        }
        known = there;
        return there;
    }

    private boolean isThere(int number) {
        return store.read(key(number)).isPresent();
    }

    private String key(int number) {
        return "deploys/" + environment + "/ledger/" + number;
    }
}
