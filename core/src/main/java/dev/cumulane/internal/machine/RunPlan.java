// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import dev.cumulane.internal.plan.StageGraph;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.pipeline.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A plan with its graph, made once and used for all its runs; and the same with the cells of stages that have fanned out, for one run. A stage keeps its number: cells
 * come behind all that there was before them.
 */
public final class RunPlan {
    /**
     * A stage that has fanned out.
     *
     * @param stage the stage
     * @param cells how many cells it has
     */
    public record Fan(String stage, int cells) {}

    private final Plan plan;
    private final Digest fingerprint;
    private final List<Fan> fans;
    private final List<Stage> stages;
    private final StageGraph graph;

    /** For each stage the number of the group that it is of, or -1. */
    private final int[] groups;

    private final TakenOver taken;

    private RunPlan(Plan plan, Digest fingerprint, List<Fan> fans, TakenOver taken) {
        this.plan = plan;
        this.fingerprint = fingerprint;
        this.fans = List.copyOf(fans);
        this.taken = taken;
        this.stages = new ArrayList<>(plan.stages());
        Map<String, List<String>> before = new LinkedHashMap<>();
        plan.stages().forEach(stage -> before.put(stage.name(), before(stage)));
        for (Fan fan : fans) {
            spread(fan, before);
        }
        this.graph = StageGraph.of(List.copyOf(before.entrySet()));
        this.groups = groups();
    }

    private RunPlan(RunPlan other, TakenOver taken) {
        this.plan = other.plan;
        this.fingerprint = other.fingerprint;
        this.fans = other.fans;
        this.stages = other.stages;
        this.graph = other.graph;
        this.groups = other.groups;
        this.taken = taken;
    }

    /** The plan with its graph. */
    public static RunPlan of(Plan plan) {
        return new RunPlan(plan, plan.fingerprint(), List.of(), TakenOver.NOTHING);
    }

    /** Adds the cells: the whole comes behind them, and so does what cleans up after it. */
    private void spread(Fan fan, Map<String, List<String>> before) {
        Stage.FanOut whole = fanOut(fan.stage());
        if (fan.cells() < 0 || fan.cells() > whole.atMost()) {
            throw new IllegalStateException("stage '" + fan.stage() + "' has " + fan.cells() + " cells, but at most "
                    + whole.atMost() + " are allowed");
        }
        List<String> cells = new ArrayList<>(fan.cells());
        for (int number = 1; number <= fan.cells(); number++) {
            Stage cell = whole.cell(number);
            stages.add(cell);
            cells.add(cell.name());
            before.put(cell.name(), before(cell));
        }
        for (Stage stage : plan.stages()) {
            if (stage.name().equals(whole.name())
                    || (stage.needs().isCleanUp() && before(stage).contains(whole.name()))) {
                List<String> all = new ArrayList<>(before.getOrDefault(stage.name(), List.of()));
                all.addAll(cells);
                before.put(stage.name(), all);
            }
        }
    }

    private Stage.FanOut fanOut(String name) {
        for (Stage stage : plan.stages()) {
            if (stage instanceof Stage.FanOut fanOut && fanOut.name().equals(name)) {
                return fanOut;
            }
        }
        throw new IllegalStateException("stage '" + name + "' does not fan out");
    }

    private int[] groups() {
        int[] numbers = new int[graph.size()];
        Arrays.fill(numbers, -1);
        for (int i = 0; i < plan.stages().size(); i++) {
            if (plan.stages().get(i) instanceof Stage.Group group) {
                for (Stage.Member member : group.members()) {
                    numbers[graph.number(member.stage())] = i;
                }
            }
        }
        int cell = plan.stages().size();
        for (Fan fan : fans) {
            Arrays.fill(numbers, cell, cell + fan.cells(), graph.number(fan.stage()));
            cell += fan.cells();
        }
        return numbers;
    }

    /** The number of the group that a stage is of, or -1. A fan-out is the group of its cells. */
    int groupOf(int stage) {
        return groups[stage];
    }

    /** The same plan, for a run that takes these stages over. */
    public RunPlan taking(TakenOver others) {
        return new RunPlan(this, others);
    }

    /** The same plan, for a run in which exactly these have fanned out. */
    RunPlan spreading(List<Fan> all) {
        return fans.equals(all) ? this : new RunPlan(plan, fingerprint, all, taken);
    }

    /** What has fanned out, in the order in which it did. */
    List<Fan> fans() {
        return fans;
    }

    /** The members of a group, or the cells of a stage that has fanned out; in order. */
    public List<String> members(String group) {
        if (stages.get(graph.number(group)) instanceof Stage.Group named) {
            return named.members().stream().map(Stage.Member::stage).toList();
        }
        int number = graph.number(group);
        List<String> cells = new ArrayList<>();
        for (int i = plan.stages().size(); i < groups.length; i++) {
            if (groups[i] == number) {
                cells.add(stages.get(i).name());
            }
        }
        return cells;
    }

    /** A cell's place among those of its whole, from 0. */
    int place(int cell) {
        int first = cell;
        while (first > plan.stages().size() && groups[first - 1] == groups[cell]) {
            first--;
        }
        return cell - first;
    }

    /** What a run of this plan takes over of a stage. */
    Optional<TakenOver.Taken> taken(String stage) {
        return taken.stage(stage);
    }

    /** The stages that come before one, without repetition. */
    public static List<String> before(Stage stage) {
        return stage.before();
    }

    /** The plan. */
    public Plan plan() {
        return plan;
    }

    /** Its fingerprint. */
    public Digest fingerprint() {
        return fingerprint;
    }

    /** Its graph; a stage's number is its place in the plan. */
    public StageGraph graph() {
        return graph;
    }

    /** A stage by its number. */
    public Stage stage(int number) {
        return stages.get(number);
    }

    /** How many stages there are. */
    public int size() {
        return stages.size();
    }

    /** The script of a deployment: what must become true, one after the other. */
    static List<Script> script(Stage.Deploy stage) {
        return Script.of(stage.delivery().rollout());
    }
}
