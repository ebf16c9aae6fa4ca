// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a person may say of a run that they start.
 *
 * @param name what it is called
 * @param form what it may be
 * @param fallback what it is if nobody says; empty if somebody has to
 */
public record Parameter(String name, Form form, Optional<String> fallback) {
    /** The most parameters of a pipeline. */
    public static final int MOST = 20;

    /** The longest text, in characters; a run's first record holds them all, beside what it runs for. */
    public static final int LONGEST = 200;

    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]{0,17})");

    /** Refuses a fallback that a person could not say. */
    public Parameter {
        Names.check("parameter", name);
        if (fallback.isPresent()) {
            Optional<String> problem = problem(form, fallback.get());
            if (problem.isPresent()) {
                throw new IllegalArgumentException(
                        "the default of parameter '" + name + "' cannot be " + problem.get());
            }
        }
    }

    /** What a parameter may be. */
    public sealed interface Form {}

    /** One line of any text. */
    public record Text() implements Form {}

    /**
     * One of some texts.
     *
     * @param choices which
     */
    public record Choice(List<String> choices) implements Form {
        /** Copies the list and refuses none, and one twice. */
        public Choice {
            choices = List.copyOf(choices);
            if (choices.isEmpty() || choices.stream().distinct().count() != choices.size()) {
                throw new IllegalArgumentException(
                        "a parameter's choices are one or more, each named once, not " + choices);
            }
            for (String choice : choices) {
                checkLine(choice).ifPresent(problem -> {
                    throw new IllegalArgumentException("a choice cannot be " + problem);
                });
            }
        }
    }

    /**
     * A whole number.
     *
     * @param least the least
     * @param most the most
     */
    public record Whole(long least, long most) implements Form {
        /** Refuses a range without numbers. */
        public Whole {
            if (least > most) {
                throw new IllegalArgumentException("there is no number between " + least + " and " + most);
            }
        }
    }

    /** Yes or no, said {@code true} or {@code false}. */
    public record Flag() implements Form {}

    /**
     * What is wrong with what somebody says.
     *
     * @param value what they say
     * @return the value and what it may be, as the end of a sentence; empty if it may be that
     */
    public Optional<String> problem(String value) {
        return problem(form, value);
    }

    /**
     * What it may be, for people.
     *
     * @return such as {@code eu or us}
     */
    public String allowed() {
        return allowed(form);
    }

    private static Optional<String> problem(Form form, String value) {
        if (form instanceof Text) {
            return checkLine(value);
        }
        boolean fits;
        if (form instanceof Choice choice) {
            fits = choice.choices().contains(value);
        } else if (form instanceof Whole whole) {
            fits = NUMBER.matcher(value).matches()
                    && Long.parseLong(value) >= whole.least()
                    && Long.parseLong(value) <= whole.most();
        } else {
            fits = value.equals("true") || value.equals("false");
        }
        return fits ? Optional.empty() : Optional.of(Names.shown(value) + "; it may be " + allowed(form));
    }

    private static Optional<String> checkLine(String value) {
        boolean fits = value.length() <= LONGEST
                && value.codePoints()
                        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
        return fits ? Optional.empty() : Optional.of(Names.shown(value) + "; it may be " + allowed(new Text()));
    }

    private static String allowed(Form form) {
        if (form instanceof Choice choice) {
            return String.join(" or ", choice.choices());
        }
        if (form instanceof Whole whole) {
            return "a number from " + whole.least() + " to " + whole.most();
        }
        return form instanceof Flag
                ? "true or false"
                : "one line of at most " + LONGEST + " characters without control characters";
    }
}
