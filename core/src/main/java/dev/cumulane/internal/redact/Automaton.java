// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.redact;

import java.util.Arrays;
import java.util.List;

/**
 * Finds any of many byte strings in one pass, in time that grows with the text alone. Immutable.
 *
 * <p>Aho and Corasick, "Efficient string matching: an aid to bibliographic search", 1975. A state is the longest beginning of a pattern that the text read so far ends
 * with. The edges of all states lie in one open hash table: secrets have few, and a table of 256 for each state would take a hundred times the memory.
 */
public final class Automaton {
    private static final int NONE = -1;

    /** Edges: the state they leave and the byte, or -1 for a free place; and the state they lead to. */
    private final long[] keys;

    private final int[] targets;

    /** By state: the state to go on from when no edge fits. */
    private final int[] fallback;

    /** By state: how many bytes it stands for. */
    private final int[] depth;

    /** By state: the length of the longest pattern that ends here; 0 if none does. */
    private final int[] longest;

    private int states = 1;

    /** An automaton that finds these patterns, none of which is empty. */
    public Automaton(List<byte[]> patterns) {
        int most = 1 + patterns.stream().mapToInt(pattern -> pattern.length).sum();
        int places = Integer.highestOneBit(Math.max(8, most)) * 4;
        keys = new long[places];
        Arrays.fill(keys, NONE);
        targets = new int[places];
        int[] depths = new int[most];
        int[] ends = new int[most];
        int[] parents = new int[most];
        byte[] letters = new byte[most];
        for (byte[] pattern : patterns) {
            int state = 0;
            for (byte letter : pattern) {
                int place = place(state, letter);
                if (keys[place] == NONE) {
                    keys[place] = key(state, letter);
                    targets[place] = states;
                    depths[states] = depths[state] + 1;
                    parents[states] = state;
                    letters[states] = letter;
                    states++;
                }
                state = targets[place];
            }
            ends[state] = pattern.length;
        }
        depth = Arrays.copyOf(depths, states);
        longest = Arrays.copyOf(ends, states);
        fallback = new int[states];
        link(parents, letters);
    }

    /** The first state. */
    static int start() {
        return 0;
    }

    int next(int from, byte letter) {
        int state = from;
        while (true) {
            int place = place(state, letter);
            if (keys[place] != NONE) {
                return targets[place];
            }
            if (state == 0) {
                return 0;
            }
            state = fallback[state];
        }
    }

    int depth(int state) {
        return depth[state];
    }

    int longest(int state) {
        return longest[state];
    }

    /** How long the longest pattern is. */
    int deepest() {
        return Arrays.stream(depth).max().orElse(0);
    }

    /** Shallow states first: what a state falls back to is shallower than itself. */
    private void link(int[] parents, byte[] letters) {
        int[] starts = new int[deepest() + 2];
        for (int state = 0; state < states; state++) {
            starts[depth[state] + 1]++;
        }
        for (int d = 1; d < starts.length; d++) {
            starts[d] += starts[d - 1];
        }
        int[] sorted = new int[states];
        for (int state = 0; state < states; state++) {
            sorted[starts[depth[state]]++] = state;
        }
        for (int state : sorted) {
            if (depth[state] > 1) {
                fallback[state] = next(fallback[parents[state]], letters[state]);
                longest[state] = Math.max(longest[state], longest[fallback[state]]);
            }
        }
    }

    private static long key(int state, byte letter) {
        return (long) state << 8 | letter & 0xFF;
    }

    /** Where an edge is, or would be. */
    private int place(int state, byte letter) {
        long key = key(state, letter);
        int place = (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & keys.length - 1;
        while (keys[place] != NONE && keys[place] != key) {
            place = place + 1 & keys.length - 1;
        }
        return place;
    }
}
