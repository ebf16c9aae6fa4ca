// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.util.List;

/** A stage that runs for each item of a list, while its pipeline is being defined. */
public final class FanOutHandle extends StageHandle<FanOutHandle> {
    /** How many items there may be, unless said otherwise. */
    public static final int USUAL_CELLS = 100;

    private final Input.Handed list;
    private final StageHandle<?> template;
    private int atMost = USUAL_CELLS;
    private Policy policy = Policy.all();

    FanOutHandle(PipelineDefinition owner, ItemHandle item, StageHandle<?> template) {
        super(owner, item.name());
        this.list = item.list();
        this.template = template;
        template.use(item);
        int longest = Names.LONGEST - ("-" + Stage.FanOut.MOST_CELLS).length();
        if (name().length() > longest) {
            throw new IllegalArgumentException("the name of stage '" + name() + "' is too long: one that runs for each"
                    + " item has at most " + longest + " characters, since its cells are numbered");
        }
        if (!(template instanceof WorkHandle || template instanceof FunctionHandle)) {
            throw new IllegalArgumentException(
                    "stage '" + name() + "' cannot run for each item: only builds, tests and functions can");
        }
    }

    /**
     * How many items it bears, {@value #USUAL_CELLS} unless said otherwise; it fails when there are more.
     *
     * @param items 1 to {@value Stage.FanOut#MOST_CELLS}
     * @return this stage
     */
    public FanOutHandle atMost(int items) {
        owner().checkOpen();
        if (items < 1 || items > Stage.FanOut.MOST_CELLS) {
            throw new IllegalArgumentException("stage '" + name() + "' cannot run for at most " + items
                    + " items: choose 1 to " + Stage.FanOut.MOST_CELLS);
        }
        atMost = items;
        return this;
    }

    /**
     * How many cells must succeed, and what becomes of the rest; all must, unless said otherwise.
     *
     * @param wanted the policy
     * @return this stage
     */
    public FanOutHandle policy(Policy wanted) {
        owner().checkOpen();
        policy = wanted;
        return this;
    }

    /**
     * An artifact of all cells that succeeded, for others to read. Each lies in a directory called as this stage, and in it in one called as the cell: that of the third
     * item of {@code test} in {@code test/test-3}.
     *
     * @param artifact the name that the cells give it
     * @return something to read
     * @throws IllegalArgumentException if the cells write none of that name
     */
    public CollectedHandle artifacts(String artifact) {
        template.artifact(artifact);
        return new CollectedHandle(owner(), new Input.Collected(name(), artifact));
    }

    /**
     * A value of all cells that succeeded, for {@code env} of other stages: a JSON object with the cell's name and the value's text for each, in the order of the items. At
     * most 64 KiB together; a stage that would be given more is refused.
     *
     * @param value the name that the cells give it
     * @return something for {@code env}
     * @throws IllegalArgumentException if the cells hand on none of that name
     */
    public CollectedValuesHandle values(String value) {
        template.value(value);
        return new CollectedValuesHandle(owner(), new Value.Collected(name(), value));
    }

    @Override
    public FanOutHandle after(StageHandle<?>... stages) {
        template.after(stages);
        return this;
    }

    @Override
    public FanOutHandle onlyWhen(Condition condition) {
        template.onlyWhen(condition);
        return this;
    }

    @Override
    public FanOutHandle always() {
        throw cleansUp();
    }

    @Override
    public FanOutHandle onFailure() {
        throw cleansUp();
    }

    private IllegalArgumentException cleansUp() {
        return new IllegalArgumentException("stage '" + name()
                + "' runs for each item of a list that may never be there, and cannot clean up: give always() or"
                + " onFailure() to a stage after it");
    }

    @Override
    FanOutHandle self() {
        return this;
    }

    @Override
    List<String> predecessors() {
        return template.predecessors();
    }

    @Override
    Stage compile(Stage.Needs needs) {
        if (template.isCleanUp()) {
            throw cleansUp();
        }
        policy.atLeast().filter(number -> number > atMost).ifPresent(number -> {
            throw new IllegalArgumentException(
                    "at least " + number + " cells of '" + name() + "' cannot succeed: it has at most " + atMost);
        });
        return new Stage.FanOut(template.compile(template.needs(List.of())), list, atMost, policy);
    }
}
