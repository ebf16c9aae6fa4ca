// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.time.Duration;
import java.util.Optional;

/** How a release takes over from the one before. Whatever the way, a release that is not healthy is rolled back. */
public sealed interface Rollout {
    /** The new release gets all the traffic once it is healthy. */
    record AllAtOnce() implements Rollout {}

    /**
     * The new release gets a share of the traffic first.
     *
     * @param percent the share, 1 to 99
     * @param hold how long it keeps that share before it is looked at again
     * @param alarm an alarm of the cloud's monitoring that rolls back when it rings, if one is watched
     */
    record Canary(int percent, Duration hold, Optional<String> alarm) implements Rollout {
        /** Refuses a share or a time outside the limits. */
        public Canary {
            if (percent < 1 || percent > 99) {
                throw new IllegalArgumentException("a canary gets 1 to 99 percent of the traffic, not " + percent);
            }
            Limits.check("a canary's hold", hold, Limits.LONGEST_HOLD);
        }

        /**
         * The same canary, held for another time.
         *
         * @param time up to seven days
         * @return the rollout
         */
        public Canary holding(Duration time) {
            return new Canary(percent, time, alarm);
        }

        /**
         * The same canary, rolled back when this alarm rings.
         *
         * @param name the alarm's name in the cloud's monitoring
         * @return the rollout
         */
        public Canary rollingBackOnAlarm(String name) {
            return new Canary(percent, hold, Optional.of(name));
        }
    }

    /**
     * All the traffic at once.
     *
     * @return the rollout
     */
    static AllAtOnce allAtOnce() {
        return new AllAtOnce();
    }

    /**
     * A share of the traffic first, held for five minutes.
     *
     * @param percent the share, 1 to 99
     * @return the rollout
     */
    static Canary canary(int percent) {
        return new Canary(percent, Duration.ofMinutes(5), Optional.empty());
    }
}
