// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.util.List;
import java.util.Optional;

/** A parameter while its pipeline is being defined: one line of text, unless it is said to be something else. Without a default, whoever starts a run has to say it. */
public final class ParameterHandle implements Provided {
    private final PipelineDefinition owner;
    private final String name;
    private Parameter.Form form = new Parameter.Text();
    private Optional<String> fallback = Optional.empty();

    ParameterHandle(PipelineDefinition owner, String name) {
        this.owner = owner;
        this.name = Names.check("parameter", name);
    }

    /**
     * It is one of these.
     *
     * @param choices one or more texts
     * @return this parameter
     */
    public ParameterHandle choices(String... choices) {
        return is(new Parameter.Choice(List.of(choices)));
    }

    /**
     * It is a whole number.
     *
     * @param least the least
     * @param most the most
     * @return this parameter
     */
    public ParameterHandle between(long least, long most) {
        return is(new Parameter.Whole(least, most));
    }

    /**
     * It is {@code true} or {@code false}.
     *
     * @return this parameter
     */
    public ParameterHandle flag() {
        return is(new Parameter.Flag());
    }

    /**
     * What it is if nobody says, also in runs that a push or a change request starts.
     *
     * @param value the default
     * @return this parameter
     */
    public ParameterHandle defaultsTo(String value) {
        owner.checkOpen();
        fallback = Optional.of(value);
        return this;
    }

    /**
     * What it is if nobody says, also in runs that a push or a change request starts.
     *
     * @param value the default
     * @return this parameter
     */
    public ParameterHandle defaultsTo(long value) {
        return defaultsTo(Long.toString(value));
    }

    /**
     * What it is if nobody says, also in runs that a push or a change request starts.
     *
     * @param value the default
     * @return this parameter
     */
    public ParameterHandle defaultsTo(boolean value) {
        return defaultsTo(Boolean.toString(value));
    }

    /**
     * It is one of these, as a condition for stages.
     *
     * @param values one or more that it can have
     * @return the condition
     * @throws IllegalArgumentException if it can never be one of them; the message says what it can be
     */
    public Condition is(String... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("a condition on parameter '" + name + "' names at least one value");
        }
        for (String value : values) {
            new Parameter(name, form, Optional.of(value));
        }
        return Condition.said(this, List.of(values));
    }

    private ParameterHandle is(Parameter.Form next) {
        owner.checkOpen();
        if (!(form instanceof Parameter.Text)) {
            throw new IllegalArgumentException("parameter '" + name + "' is "
                    + new Parameter(name, form, Optional.empty()).allowed() + " already");
        }
        form = next;
        return this;
    }

    @Override
    public String toString() {
        return name;
    }

    PipelineDefinition owner() {
        return owner;
    }

    String name() {
        return name;
    }

    Parameter compile() {
        return new Parameter(name, form, fallback);
    }
}
