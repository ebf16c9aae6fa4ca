// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.simulation;

import java.util.Arrays;
import java.util.StringJoiner;
import java.util.random.RandomGenerator;

/**
 * A sequence of choices: drawn from a seed and recorded, or played again. A choice is a number from 0, and 0 is always the plainest: no fault, no further stage, no
 * delay. A tape that is played beyond its end gives zeros, so that a shorter tape is a simpler life.
 */
final class Tape implements RandomGenerator {
    private long state;
    private final boolean played;
    private int[] choices;
    private int length;
    private int position;

    private Tape(long seed, boolean played, int[] choices) {
        this.state = seed;
        this.played = played;
        this.choices = choices;
        this.length = played ? choices.length : 0;
    }

    static Tape drawn(long seed) {
        return new Tape(seed * 0x9E3779B97F4A7C15L + 1, false, new int[64]);
    }

    static Tape played(int... choices) {
        return new Tape(0, true, choices.clone());
    }

    /** The tape that {@link #toString} wrote: the choices that are not 0, as {@code index=choice}. */
    static Tape parse(String text) {
        int[] choices = new int[0];
        for (String one : text.isBlank() ? new String[0] : text.strip().split(" ")) {
            int at = Integer.parseInt(one.substring(0, one.indexOf('=')));
            choices = choices.length > at ? choices : Arrays.copyOf(choices, at + 1);
            choices[at] = Integer.parseInt(one.substring(one.indexOf('=') + 1));
        }
        return played(choices);
    }

    @Override
    public int nextInt(int bound) {
        if (played) {
            return position < length ? Math.min(choices[position++], bound - 1) : 0;
        }
        int choice = (int) ((nextLong() >>> 33) % bound);
        if (length == choices.length) {
            choices = Arrays.copyOf(choices, 2 * length);
        }
        choices[length++] = choice;
        return choice;
    }

    /** True in one of so many cases. */
    boolean oneIn(int cases) {
        return nextInt(cases) == cases - 1;
    }

    /** SplitMix64, from the seed; not to be called on a tape that is played. */
    @Override
    public long nextLong() {
        if (played) {
            throw new IllegalStateException("a tape gives choices, not bits");
        }
        state += 0x9E3779B97F4A7C15L;
        long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** The choices so far, or all of a tape that is played. */
    int[] choices() {
        return Arrays.copyOf(choices, length);
    }

    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(" ");
        for (int i = 0; i < length; i++) {
            if (choices[i] != 0) {
                text.add(i + "=" + choices[i]);
            }
        }
        return text.toString();
    }
}
