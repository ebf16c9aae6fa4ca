// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.plan;

import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Keys and what each comes after, nothing else. Keys are numbered in the order in which they were given. */
public final class StageGraph {
    private final List<String> keys;
    private final Map<String, Integer> numbers;
    private final ImmutableIntArray[] before;
    private final ImmutableIntArray[] behind;

    private StageGraph(
            List<String> keys, Map<String, Integer> numbers, ImmutableIntArray[] before, ImmutableIntArray[] behind) {
        this.keys = keys;
        this.numbers = numbers;
        this.before = before;
        this.behind = behind;
    }

    /**
     * A graph.
     *
     * @param edges for each key, in order, the keys that it comes after, each of them a key itself
     * @return the graph, perhaps with cycles
     */
    public static StageGraph of(List<Map.Entry<String, List<String>>> edges) {
        List<String> keys = new ArrayList<>(edges.size());
        Map<String, Integer> numbers = new TreeMap<>();
        for (Map.Entry<String, List<String>> edge : edges) {
            if (numbers.put(edge.getKey(), keys.size()) != null) {
                throw new IllegalArgumentException("two stages are called '" + edge.getKey() + "'");
            }
            keys.add(edge.getKey());
        }
        ImmutableIntArray[] before = new ImmutableIntArray[keys.size()];
        ImmutableIntArray.Builder[] behind = new ImmutableIntArray.Builder[keys.size()];
        Arrays.setAll(behind, i -> ImmutableIntArray.builder());
        for (int i = 0; i < before.length; i++) {
            ImmutableIntArray.Builder builder = ImmutableIntArray.builder();
            for (String earlier : edges.get(i).getValue().stream().distinct().toList()) {
                Integer number = numbers.get(earlier);
                if (number == null) {
                    throw new IllegalArgumentException("stage '" + keys.get(i) + "' comes after '" + earlier
                            + "', which does not exist; there are: " + String.join(", ", keys));
                }
                builder.add(number);
                behind[number].add(i);
            }
            before[i] = builder.build();
        }
        return new StageGraph(
                Collections.unmodifiableList(keys),
                numbers,
                before,
                Arrays.stream(behind).map(ImmutableIntArray.Builder::build).toArray(ImmutableIntArray[]::new));
    }

    /** How many keys there are. */
    public int size() {
        return keys.size();
    }

    /** The key of a number. */
    public String key(int number) {
        return keys.get(number);
    }

    /** The keys, in order. */
    public List<String> keys() {
        return keys;
    }

    /** The number of a key, or -1. */
    public int number(String key) {
        return numbers.getOrDefault(key, -1);
    }

    /** What comes before a key, without repetition. */
    public ImmutableIntArray before(int number) {
        return before[number];
    }

    /** What comes behind a key, without repetition. */
    public ImmutableIntArray behind(int number) {
        return behind[number];
    }

    /** Whether a key comes behind another, directly or not. */
    public boolean isBehind(int number, int other) {
        BitSet seen = new BitSet();
        Deque<Integer> open = new ArrayDeque<>();
        open.add(other);
        while (!open.isEmpty()) {
            ImmutableIntArray next = behind[open.remove()];
            for (int i = 0; i < next.length(); i++) {
                if (next.get(i) == number) {
                    return true;
                }
                if (!seen.get(next.get(i))) {
                    seen.set(next.get(i));
                    open.add(next.get(i));
                }
            }
        }
        return false;
    }

    /**
     * A cycle, if there is one.
     *
     * @return the keys of one cycle, each coming after the one before it, the first repeated at the end
     */
    public Optional<List<String>> cycle() {
        // Depth first without recursion: a chain of 10,000 stages would overflow the stack.
        byte[] seen = new byte[size()];
        int[] path = new int[size()];
        int[] next = new int[size()];
        for (int root = 0; root < size(); root++) {
            int depth = 0;
            if (seen[root] == 0) {
                path[depth++] = root;
                seen[root] = 1;
            }
            while (depth > 0) {
                int top = path[depth - 1];
                if (next[top] == behind[top].length()) {
                    seen[top] = 2;
                    depth--;
                    continue;
                }
                int follower = behind[top].get(next[top]++);
                if (seen[follower] == 1) {
                    return Optional.of(path(path, depth, follower));
                }
                if (seen[follower] == 0) {
                    seen[follower] = 1;
                    path[depth++] = follower;
                }
            }
        }
        return Optional.empty();
    }

    private List<String> path(int[] path, int depth, int closing) {
        List<String> cycle = new ArrayList<>();
        int from = depth - 1;
        while (path[from] != closing) {
            from--;
        }
        for (int i = from; i < depth; i++) {
            cycle.add(keys.get(path[i]));
        }
        cycle.add(keys.get(closing));
        return cycle;
    }
}
