// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How a release takes over from the one before. Whatever the way, a release that is not healthy is rolled back. */
public sealed interface Rollout {
    /** The new release gets all the traffic once it is healthy. */
    record AllAtOnce() implements Rollout {}

    /**
     * The new release gets a share of the traffic first, and then perhaps larger ones.
     *
     * @param percent the first share, 1 to 99
     * @param hold how long it keeps each share before it is looked at again
     * @param then the shares that follow, each larger than the one before it
     * @param alarm an alarm of the cloud's monitoring that rolls back when it rings, if one is watched
     */
    record Canary(int percent, Duration hold, List<Share> then, Optional<String> alarm) implements Rollout {
        /** Refuses shares or a time outside the limits, and shares that do not grow. */
        public Canary {
            then = List.copyOf(then);
            checkShare(percent);
            int before = percent;
            for (Share share : then) {
                if (share.percent() <= before) {
                    throw new IllegalArgumentException("a canary's shares grow: " + share.percent()
                            + " percent does not follow " + before + "; choose " + (before + 1) + " to 99");
                }
                before = share.percent();
            }
            Limits.check("a canary's hold", hold, Limits.LONGEST_HOLD);
        }

        /**
         * The same canary with a larger share after its last one.
         *
         * @param next the share, larger than the one before it, at most 99
         * @return the rollout
         */
        public Canary then(int next) {
            List<Share> shares = new ArrayList<>(then);
            shares.add(new Share(next));
            return new Canary(percent, hold, shares, alarm);
        }

        /**
         * The same canary, each share held for another time.
         *
         * @param time up to seven days
         * @return the rollout
         */
        public Canary holding(Duration time) {
            return new Canary(percent, time, then, alarm);
        }

        /**
         * The same canary, rolled back when this alarm rings.
         *
         * @param name the alarm's name in the cloud's monitoring
         * @return the rollout
         */
        public Canary rollingBackOnAlarm(String name) {
            return new Canary(percent, hold, then, Optional.of(checkAlarm(name)));
        }
    }

    /**
     * A share of the traffic.
     *
     * @param percent 1 to 99
     */
    record Share(int percent) {
        /** Refuses a share outside the limits. */
        public Share {
            checkShare(percent);
        }
    }

    /**
     * The new release gets all the traffic once it is healthy, and the one before it goes on beside it, to take over again at once, until the new one has been looked
     * at again.
     *
     * @param keeping how long the one before it goes on
     * @param alarm an alarm of the cloud's monitoring that rolls back when it rings, if one is watched
     */
    record BlueGreen(Duration keeping, Optional<String> alarm) implements Rollout {
        /** Refuses a time outside the limits. */
        public BlueGreen {
            Limits.check("the time that the former release is kept", keeping, Limits.LONGEST_HOLD);
        }

        /**
         * The same rollout, with another time for the release before.
         *
         * @param time up to seven days
         * @return the rollout
         */
        public BlueGreen keepingFormer(Duration time) {
            return new BlueGreen(time, alarm);
        }

        /**
         * The same rollout, rolled back when this alarm rings.
         *
         * @param name the alarm's name in the cloud's monitoring
         * @return the rollout
         */
        public BlueGreen rollingBackOnAlarm(String name) {
            return new BlueGreen(keeping, Optional.of(checkAlarm(name)));
        }
    }

    /**
     * The alarm that is watched.
     *
     * @return its name in the cloud's monitoring, if one is watched
     */
    default Optional<String> alarm() {
        return Optional.empty();
    }

    private static void checkShare(int percent) {
        if (percent < 1 || percent > 99) {
            throw new IllegalArgumentException("a canary gets 1 to 99 percent of the traffic, not " + percent);
        }
    }

    private static String checkAlarm(String name) {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9/_. -]{0,199}")) {
            throw new IllegalArgumentException("alarm name " + Names.shown(name)
                    + " is not usable: 1 to 200 letters, digits, spaces, slashes, underscores, dots and hyphens");
        }
        return name;
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
        return new Canary(percent, Duration.ofMinutes(5), List.of(), Optional.empty());
    }

    /**
     * All the traffic at once, with the release before kept going for ten minutes.
     *
     * @return the rollout
     */
    static BlueGreen blueGreen() {
        return new BlueGreen(Duration.ofMinutes(10), Optional.empty());
    }
}
