// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Makes a failing life small: takes back one choice after the other – faults first, then what people do and how long things take, then stages – as long as the same
 * invariant fails.
 */
final class Shrinker {
    private static final int MOST_LIVES = 4_000;

    /** In this order they are shrunk, and lie in the array. */
    private enum Choices {
        FAULTS,
        LIFE,
        PIPELINE
    }

    private final String invariant;
    private final Profile profile;
    private final boolean json;
    private int lives;

    private Shrinker(String invariant, Profile profile, boolean json) {
        this.invariant = invariant;
        this.profile = profile;
        this.json = json;
    }

    /**
     * A failing life that has become small.
     *
     * @param tapes its choices
     * @param invariant what fails in it
     * @param profile its profile
     * @param json whether it goes through the real codec
     * @param before how many choices of the first life were not the plainest
     * @param after how many are left
     */
    record Shrunk(int[][] tapes, String invariant, Profile profile, boolean json, int before, int after) {
        Tapes choices() {
            return played(tapes);
        }

        /** The pipeline, and what happens until the invariant fails. */
        List<String> story() {
            List<String> lines = new ArrayList<>();
            Tapes choices = choices();
            RandomPipeline pipeline = RandomPipeline.of(choices.pipeline());
            lines.addAll(pipeline.toString().lines().toList());
            Simulation life = new Simulation(pipeline, choices, profile, json, new Coverage());
            life.invariants().trace(lines::add);
            try {
                life.live();
            } catch (Violation e) {
                lines.add(e.getMessage());
            }
            return lines;
        }

        /** A test that fails as this life does, until the bug is gone. */
        String test(String name) {
            Tapes choices = choices();
            StringBuilder text = new StringBuilder();
            story().forEach(line ->
                    text.append(" * ").append(line.replace("*/", "* /")).append('\n'));
            return """
                    // Copyright 2026 The Cumulane Authors
                    // SPDX-License-Identifier: Apache-2.0
                    package dev.cumulane.simulation;

                    import static org.assertj.core.api.Assertions.assertThat;

                    import org.junit.jupiter.api.Test;

                    /*
                    %s */
                    class %s {
                        @Test
                        void keeps_%s() {
                            Tapes tapes = Tapes.parse("%s", "%s", "%s");
                            Coverage coverage = new Coverage();

                            new Simulation(RandomPipeline.of(tapes.pipeline()), tapes, Profile.named("%s"), %s, coverage).live();

                            assertThat(coverage.lives()).isEqualTo(1);
                        }
                    }
                    """.formatted(
                            text, name, invariant, choices.pipeline(), choices.life(), choices.faults(), profile, json);
        }
    }

    /**
     * Shrinks the life of a seed.
     *
     * @return empty if that life keeps the invariant
     */
    static Optional<Shrunk> shrink(long seed, Profile profile, String invariant) {
        boolean json = Simulation.isJson(seed, profile);
        Tapes drawn = Tapes.of(seed);
        if (!broken(new Simulation(RandomPipeline.of(drawn.pipeline()), drawn, profile, json, new Coverage()))
                .equals(Optional.of(invariant))) {
            return Optional.empty();
        }
        int[][] tapes = {
            drawn.faults().choices(), drawn.life().choices(), drawn.pipeline().choices()
        };
        int before = count(tapes);
        Shrinker plain = new Shrinker(invariant, profile, false);
        Shrinker shrinker = plain.fails(tapes) ? plain : new Shrinker(invariant, profile, json);
        int[][] shrunk = shrinker.shrunk(tapes);
        return Optional.of(new Shrunk(shrunk, invariant, profile, shrinker.json, before, count(shrunk)));
    }

    private static int count(int[][] tapes) {
        return Arrays.stream(tapes)
                .mapToInt(tape ->
                        (int) Arrays.stream(tape).filter(choice -> choice != 0).count())
                .sum();
    }

    private static Tapes played(int[][] tapes) {
        return Tapes.played(
                tapes[Choices.PIPELINE.ordinal()], tapes[Choices.LIFE.ordinal()], tapes[Choices.FAULTS.ordinal()]);
    }

    private int[][] shrunk(int[][] tapes) {
        int[][] best = copy(tapes);
        int choices;
        do {
            choices = count(best);
            for (Choices which : Choices.values()) {
                cut(best, which.ordinal());
                clear(best, which.ordinal());
                lower(best, which.ordinal());
            }
        } while (count(best) < choices && lives < MOST_LIVES);
        return best;
    }

    /** Cuts the tape as short as possible. */
    private void cut(int[][] best, int which) {
        int kept = 0;
        int needed = best[which].length;
        while (kept < needed && lives < MOST_LIVES) {
            int middle = (kept + needed) / 2;
            int[][] shorter = copy(best);
            shorter[which] = Arrays.copyOf(best[which], middle);
            if (fails(shorter)) {
                needed = middle;
            } else {
                kept = middle + 1;
            }
        }
        int[][] shorter = copy(best);
        shorter[which] = Arrays.copyOf(best[which], needed);
        if (fails(shorter)) {
            best[which] = shorter[which];
        }
    }

    /** Takes choices back, many at once, then fewer. */
    private void clear(int[][] best, int which) {
        for (int size = Math.max(1, best[which].length / 2); size >= 1; size /= 2) {
            for (int from = 0; from < best[which].length && lives < MOST_LIVES; from += size) {
                int[][] cleared = copy(best);
                Arrays.fill(cleared[which], from, Math.min(from + size, best[which].length), 0);
                if (!Arrays.equals(cleared[which], best[which]) && fails(cleared)) {
                    best[which] = cleared[which];
                }
            }
        }
    }

    /** Makes choices smaller. */
    private void lower(int[][] best, int which) {
        for (int i = 0; i < best[which].length; i++) {
            for (int lower = best[which][i] / 2; lower > 0 && lives < MOST_LIVES; lower /= 2) {
                int[][] lowered = copy(best);
                lowered[which][i] = lower;
                if (fails(lowered)) {
                    best[which][i] = lower;
                }
            }
        }
    }

    private boolean fails(int[][] tapes) {
        lives++;
        try {
            Tapes choices = played(tapes);
            return broken(new Simulation(RandomPipeline.of(choices.pipeline()), choices, profile, json, new Coverage()))
                    .equals(Optional.of(invariant));
        } catch (IllegalArgumentException e) {
            // These choices define no pipeline.
            return false;
        }
    }

    private static Optional<String> broken(Simulation life) {
        try {
            life.live();
            return Optional.empty();
        } catch (Violation e) {
            return Optional.of(e.invariant());
        } catch (AssertionError | RuntimeException e) {
            return Optional.of("ERROR");
        }
    }

    private static int[][] copy(int[][] tapes) {
        return Arrays.stream(tapes).map(int[]::clone).toArray(int[][]::new);
    }
}
