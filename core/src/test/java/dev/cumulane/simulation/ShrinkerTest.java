// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A failing life becomes a short story, and a test that tells it again. */
class ShrinkerTest {
    private static final String NAME = "ReproducedTest";

    @Test
    void a_planted_bug_becomes_a_small_test_that_fails_with_it_and_passes_without_it() throws Exception {
        Mutant mutant = MutantsTest.mutants()
                .filter(one -> one.name().startsWith("11-"))
                .findFirst()
                .orElseThrow();
        Map<String, String> sources = mutant.apply(MutantsTest.ROOT);
        String shrunk = (String) MutantClasses.of(sources)
                .loadClass(Hunt.class.getName())
                .getMethod("shrunk", String.class, String.class, long.class, String.class)
                .invoke(null, mutant.breaks(), mutant.profile().toString(), 10_000L, NAME);
        System.out.println(shrunk);

        String[] parts = shrunk.split("\n", 4);
        assertThat(Integer.parseInt(parts[1]))
                .as("choices that are left of " + parts[0])
                .isLessThan(Integer.parseInt(parts[0]) / 4);
        assertThat(Integer.parseInt(parts[2])).as("lines of the story").isLessThanOrEqualTo(40);
        Path file = Path.of("src/test/java/dev/cumulane/simulation/" + NAME + ".java");
        assertThatCode(reproduce(MutantClasses.of(sources, file.toString(), parts[3])))
                .hasMessageStartingWith(mutant.breaks() + ":");
        assertThatCode(reproduce(MutantClasses.of(Map.of(), file.toString(), parts[3])))
                .doesNotThrowAnyException();
    }

    private static ThrowingCallable reproduce(MutantClasses classes) throws ReflectiveOperationException {
        Class<?> type = classes.loadClass("dev.cumulane.simulation." + NAME);
        var constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        Object test = constructor.newInstance();
        Method method = type.getDeclaredMethods()[0];
        method.setAccessible(true);
        return () -> {
            try {
                method.invoke(test);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
    }
}
