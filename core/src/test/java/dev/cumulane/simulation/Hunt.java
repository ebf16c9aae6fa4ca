// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.simulation;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Lives lives until one of them breaks an invariant. Called by name in a class loader of a mutant's classes, so that it takes and gives nothing but text. */
public final class Hunt {
    private final Map<String, Integer> others = new TreeMap<>();

    /**
     * Hunts.
     *
     * @param invariant the invariant's name
     * @param profile the profile's name
     * @param first the life to look at first, since it broke that invariant once; 0 for none
     * @param most the most lives
     * @return how many lives it takes, or 0; a space; and how many of those that were lived broke other invariants
     */
    public static String hunt(String invariant, String profile, long first, long most) {
        Hunt hunt = new Hunt();
        boolean known = first > 0 && broken(first, Profile.named(profile)).equals(Optional.of(invariant));
        return (known ? first : hunt.lives(invariant, Profile.named(profile), most)) + " " + hunt.others;
    }

    /**
     * Hunts, and shrinks what it finds.
     *
     * @param name the name of the test that is written
     * @return how many choices there were, how many are left, how many lines the story has, and the test, each on a line of its own but the last
     */
    public static String shrunk(String invariant, String profile, long most, String name) {
        long seed = new Hunt().lives(invariant, Profile.named(profile), most);
        Shrinker.Shrunk shrunk =
                Shrinker.shrink(seed, Profile.named(profile), invariant).orElseThrow();
        return shrunk.before() + "\n" + shrunk.after() + "\n" + shrunk.story().size() + "\n" + shrunk.test(name);
    }

    private long lives(String invariant, Profile profile, long most) {
        for (long seed = 1; seed <= most; seed++) {
            Optional<String> broken = broken(seed, profile);
            if (broken.equals(Optional.of(invariant))) {
                return seed;
            }
            broken.ifPresent(other -> others.merge(other, 1, Integer::sum));
        }
        return 0;
    }

    private static Optional<String> broken(long seed, Profile profile) {
        try {
            Simulation.of(seed, profile, new Coverage()).live();
            return Optional.empty();
        } catch (Violation e) {
            return Optional.of(e.invariant());
        } catch (AssertionError | RuntimeException e) {
            return Optional.of("ERROR");
        }
    }
}
