// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

/** The value of an environment variable, as the plan says it. */
public sealed interface Value {
    /**
     * A constant of the pipeline.
     *
     * @param text the value
     */
    record Constant(String text) implements Value {}

    /**
     * A secret, which becomes a value only inside the worker.
     *
     * @param reference the name by which the cloud's secret service knows it
     */
    record Secret(String reference) implements Value {
        /** Refuses a reference that no secret service could hold. */
        public Secret {
            if (!reference.matches("[A-Za-z0-9][A-Za-z0-9/_.-]{0,199}")) {
                throw new IllegalArgumentException("secret reference " + Names.shown(reference)
                        + " is not usable: 1 to 200 letters, digits, slashes, underscores, dots and hyphens");
            }
        }
    }

    /**
     * Where a deployed environment answers.
     *
     * @param stage the deploy stage
     */
    record Address(String stage) implements Value {}

    /**
     * A value that an earlier stage handed on.
     *
     * @param stage the stage
     * @param name what the stage calls it
     */
    record Handed(String stage, String name) implements Value {}

    /**
     * A value of each stage of a group that succeeded, as a JSON object of stage and text.
     *
     * @param group the group
     * @param name what each of its stages calls the value
     */
    record Collected(String group, String name) implements Value {}

    /**
     * An item of a list that an earlier stage handed on.
     *
     * @param stage the stage
     * @param name what the stage calls the list
     * @param number the item's place, from 1; 0 in the template of a fan-out, for the cell's own
     */
    record Item(String stage, String name, int number) implements Value {
        /** Refuses a negative place. */
        public Item {
            if (number < 0) {
                throw new IllegalArgumentException("a list has no item " + number);
            }
        }
    }

    /**
     * What the run was told, or the default.
     *
     * @param parameter the parameter's name
     */
    record Said(String parameter) implements Value {}

    /**
     * A secret by its reference.
     *
     * @param reference the name by which the cloud's secret service knows it
     * @return the value
     */
    static Secret secret(String reference) {
        return new Secret(reference);
    }
}
