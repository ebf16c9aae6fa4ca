// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.work;

import java.time.Duration;
import java.util.regex.Pattern;

/** The machines that builds run on. Each has Docker. */
public sealed interface Agents {
    /** Microsoft's machines with the Linux that is current as this is written. */
    Agents USUAL = new Hosted("ubuntu-24.04");

    /**
     * Machines of Microsoft, a new one for each build.
     *
     * @param image what is installed on them, such as {@code ubuntu-24.04}
     */
    record Hosted(String image) implements Agents {
        private static final Duration LONGEST = Duration.ofHours(6);

        /** Refuses an image that is no name. */
        public Hosted {
            Checks.check("an image of hosted agents", image, "ubuntu-24.04");
        }

        /** Six hours, by the documentation of hosted agents; one hour in private projects that have bought none. */
        @Override
        public Duration longest() {
            return LONGEST;
        }

        @Override
        public String yaml() {
            return "vmImage: '" + image + "'";
        }
    }

    /**
     * Machines of the team.
     *
     * @param name the pool's name
     */
    record Pool(String name) implements Agents {
        private static final Duration LONGEST = Duration.ofDays(7);

        /** Refuses what is no name. */
        public Pool {
            Checks.check("a pool of agents", name, "linux-builders");
        }

        /** A week: one's own machines have no limit, a build has. */
        @Override
        public Duration longest() {
            return LONGEST;
        }

        @Override
        public String yaml() {
            return "name: '" + name + "'";
        }
    }

    /**
     * How long a build may take.
     *
     * @return the limit
     */
    Duration longest();

    /**
     * The agents as a pipeline's YAML names them, below {@code pool}.
     *
     * @return one line
     */
    String yaml();

    /** The form of names that go into YAML. */
    final class Checks {
        private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}");

        private Checks() {}

        private static void check(String what, String name, String example) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("not the name of " + what + ": '"
                        + name.replaceAll("\\p{Cntrl}", "?") + "'; it is letters, digits, spaces and ._-, such as "
                        + example);
            }
        }
    }
}
