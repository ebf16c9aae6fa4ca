// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A bug that is planted into a copy of the sources: a small unified diff among the test resources, whose first lines say what it does, which invariant must report it,
 * in which profile, and after how many lives it did.
 *
 * @param name the file's name
 * @param what what it does, in a sentence
 * @param breaks the invariant
 * @param profile the profile
 * @param life the first life, from seed 1 on, in which the invariant reported it when that was measured; 0 if it never was
 * @param diff its lines, from the first {@code ---}
 */
record Mutant(String name, String what, String breaks, Profile profile, long life, List<String> diff) {
    private static final String LIFE = "# life: ";
    private static final Pattern HUNK = Pattern.compile("@@ -(\\d+)(?:,\\d+)? \\+\\d+(?:,\\d+)? @@.*");

    /** All of a directory, by name. */
    static List<Mutant> in(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            List<Mutant> mutants = new ArrayList<>();
            for (Path file : files.filter(one -> one.toString().endsWith(".diff"))
                    .sorted()
                    .toList()) {
                mutants.add(read(file));
            }
            return mutants;
        }
    }

    private static Mutant read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        String name = file.getFileName().toString().replace(".diff", "");
        int begin = 0;
        while (!lines.get(begin).startsWith("--- ")) {
            begin++;
        }
        List<String> head = lines.subList(0, begin);
        return new Mutant(
                name,
                said(name, head, "# "),
                said(name, head, "# breaks: "),
                Profile.named(said(name, head, "# profile: ")),
                find(head, LIFE).map(Long::valueOf).orElse(0L),
                lines.subList(begin, lines.size()));
    }

    private static String said(String name, List<String> head, String key) {
        return find(head, key)
                .orElseThrow(() -> new IllegalArgumentException("mutant " + name + " does not say '" + key + "'"));
    }

    private static Optional<String> find(List<String> head, String key) {
        return head.stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()).strip())
                .findFirst();
    }

    /** Notes after how many lives it was found. */
    void found(Path directory, long lives) throws IOException {
        Path file = directory.resolve(name + ".diff");
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.removeIf(line -> line.startsWith(LIFE));
        lines.add(lines.indexOf(diff.get(0)), LIFE + lives);
        Files.write(file, lines);
    }

    /** Its line in the documentation's table. */
    String row() {
        return String.format("| %s | %s | %s | %s | %,d |", name, what, breaks, profile, life);
    }

    @Override
    public String toString() {
        return name;
    }

    /**
     * The changed sources.
     *
     * @param root the root of the repository, to which the diff's paths are relative
     * @return text by path
     * @throws IllegalArgumentException if the diff does not apply
     */
    Map<String, String> apply(Path root) throws IOException {
        Map<String, String> changed = new TreeMap<>();
        for (int i = 0; i < diff.size(); i++) {
            if (diff.get(i).startsWith("+++ b/")) {
                String path = diff.get(i).substring("+++ b/".length()).strip();
                int end = i + 1;
                while (end < diff.size() && !diff.get(end).startsWith("--- ")) {
                    end++;
                }
                changed.put(path, patched(Files.readString(root.resolve(path)), diff.subList(i + 1, end)));
            }
        }
        return changed;
    }

    private String patched(String source, List<String> hunks) {
        List<String> lines = new ArrayList<>(Arrays.asList(source.split("\n", -1)));
        int at = -1;
        int shift = 0;
        List<String> before = new ArrayList<>();
        List<String> after = new ArrayList<>();
        for (int i = 0; i <= hunks.size(); i++) {
            Matcher hunk = i < hunks.size() ? HUNK.matcher(hunks.get(i)) : null;
            if (hunk == null || hunk.matches()) {
                if (at >= 0) {
                    int found = find(lines, before, at + shift);
                    lines.subList(found, found + before.size()).clear();
                    lines.addAll(found, after);
                    shift += after.size() - before.size();
                }
                at = hunk == null ? -1 : Integer.parseInt(hunk.group(1)) - 1;
                before = new ArrayList<>();
                after = new ArrayList<>();
            } else {
                String text = hunks.get(i).substring(1);
                char kind = hunks.get(i).charAt(0);
                if (kind != '+') {
                    before.add(text);
                }
                if (kind != '-') {
                    after.add(text);
                }
            }
        }
        return String.join("\n", lines);
    }

    /** Where the lines are: where the hunk says, or wherever else they are, once. */
    private int find(List<String> lines, List<String> wanted, int expected) {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i + wanted.size() <= lines.size(); i++) {
            if (lines.subList(i, i + wanted.size()).equals(wanted)) {
                places.add(i);
            }
        }
        if (places.contains(expected)) {
            return expected;
        }
        if (places.size() == 1) {
            return places.get(0);
        }
        throw new IllegalArgumentException("mutant " + name + " does not apply any more: these lines are there "
                + places.size() + " times:\n" + String.join("\n", wanted));
    }
}
