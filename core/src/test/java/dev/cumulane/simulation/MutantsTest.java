// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The simulation finds bugs: each of many planted ones is reported by the invariant that it breaks. Each diff says in which life it was found first; that life is lived
 * first, and only if it does not report the bug any more all are, from seed 1 on. {@code -Dcumulane.update=true} hunts all anew and writes what it found.
 */
class MutantsTest {
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path MUTANTS = Path.of("src/test/resources/mutants");
    private static final Path PAGE = ROOT.resolve("docs/proof.md");
    private static final long MOST_LIVES = Long.getLong("cumulane.mutantLives", 200_000);

    static Stream<Mutant> mutants() throws IOException {
        String only = System.getProperty("cumulane.mutant", "");
        return Mutant.in(MUTANTS).stream().filter(mutant -> mutant.name().startsWith(only));
    }

    @Test
    void each_applies_to_the_sources_and_changes_them() throws IOException {
        List<Mutant> mutants = Mutant.in(MUTANTS);
        for (Mutant mutant : mutants) {
            assertThat(mutant.apply(ROOT)).as(mutant.name()).isNotEmpty();
        }
        assertThat(mutants).hasSizeGreaterThanOrEqualTo(25);
    }

    @Test
    void the_documentation_lists_each_as_it_was_found() throws IOException {
        List<String> rows = Mutant.in(MUTANTS).stream().map(Mutant::row).toList();
        List<String> page = new ArrayList<>(Files.readAllLines(PAGE));
        if (Boolean.getBoolean("cumulane.update")) {
            int at = page.indexOf("|---|---|---|---|---:|") + 1;
            while (page.get(at).startsWith("| ")) {
                page.remove(at);
            }
            page.addAll(at, rows);
            Files.write(PAGE, page);
        }

        assertThat(page.stream().filter(line -> line.matches("\\| \\d\\d-.*")).toList())
                .as("the table of %s; -Dcumulane.update=true writes it", PAGE)
                .isEqualTo(rows);
        assertThat(rows).doesNotHaveDuplicates();
    }

    @Tag("strict")
    @ParameterizedTest
    @MethodSource("mutants")
    void each_is_reported_by_the_invariant_that_it_breaks(Mutant mutant) throws Exception {
        MutantClasses classes = MutantClasses.of(mutant.apply(ROOT));
        Class<?> hunt = classes.loadClass(Hunt.class.getName());
        boolean update = Boolean.getBoolean("cumulane.update");
        String found = (String) hunt.getMethod("hunt", String.class, String.class, long.class, long.class)
                .invoke(null, mutant.breaks(), mutant.profile().toString(), update ? 0 : mutant.life(), MOST_LIVES);

        String[] lives = found.split(" ", 2);
        System.out.printf(
                "%-44s %-5s %-9s found after %s lives; others before %s%n",
                mutant.name(), mutant.breaks(), mutant.profile(), lives[0], lives[1]);
        if (update) {
            mutant.found(MUTANTS, Long.parseLong(lives[0]));
        }
        assertThat(Long.parseLong(lives[0]))
                .as("lives until %s reports mutant %s", mutant.breaks(), mutant.name())
                .isPositive();
    }
}
