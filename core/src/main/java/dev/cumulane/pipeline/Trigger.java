// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.util.ArrayList;
import java.util.List;

/** What starts a run. A person may always start one. */
public sealed interface Trigger {
    /**
     * A push to a branch.
     *
     * @param branches the branches' names, whole; empty for every branch
     */
    record Push(List<String> branches) implements Trigger {
        /** Checks and copies the names. */
        public Push {
            branches = checked(branches);
        }

        /**
         * Only to these branches, too.
         *
         * @param names whole names
         * @return the trigger
         */
        public Push to(String... names) {
            return new Push(joined(branches, names));
        }
    }

    /**
     * A change request, opened or updated.
     *
     * @param targets the branches that it wants to change, whole names; empty for every branch
     */
    record ChangeRequest(List<String> targets) implements Trigger {
        /** Checks and copies the names. */
        public ChangeRequest {
            targets = checked(targets);
        }

        /**
         * Only into these branches, too.
         *
         * @param names whole names
         * @return the trigger
         */
        public ChangeRequest into(String... names) {
            return new ChangeRequest(joined(targets, names));
        }
    }

    /**
     * A push to any branch.
     *
     * @return the trigger
     */
    static Push push() {
        return new Push(List.of());
    }

    /**
     * A change request into any branch.
     *
     * @return the trigger
     */
    static ChangeRequest changeRequest() {
        return new ChangeRequest(List.of());
    }

    private static List<String> joined(List<String> names, String... more) {
        List<String> all = new ArrayList<>(names);
        all.addAll(List.of(more));
        return all;
    }

    private static List<String> checked(List<String> names) {
        for (String name : names) {
            if (name.isBlank()
                    || name.length() > 255
                    || name.startsWith("-")
                    || name.chars().anyMatch(c -> c <= ' ' || c == 127)) {
                throw new IllegalArgumentException("branch name " + Names.shown(name)
                        + " is not usable in a trigger: a whole name, such as 'main'");
            }
        }
        return List.copyOf(names);
    }
}
