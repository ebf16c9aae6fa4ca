// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import dev.cumulane.internal.plan.StageGraph;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.pipeline.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A plan with its graph, made once and used for all its runs. */
public final class RunPlan {
    private final Plan plan;
    private final Digest fingerprint;
    private final StageGraph graph;

    /** For each stage the number of the group that it is of, or -1. */
    private final int[] groups;

    private final TakenOver taken;

    private RunPlan(Plan plan, Digest fingerprint, StageGraph graph, int[] groups, TakenOver taken) {
        this.plan = plan;
        this.fingerprint = fingerprint;
        this.graph = graph;
        this.groups = groups;
        this.taken = taken;
    }

    /** The plan with its graph. */
    public static RunPlan of(Plan plan) {
        List<Map.Entry<String, List<String>>> edges =
                new ArrayList<>(plan.stages().size());
        for (Stage stage : plan.stages()) {
            edges.add(Map.entry(stage.name(), before(stage)));
        }
        StageGraph graph = StageGraph.of(edges);
        return new RunPlan(plan, plan.fingerprint(), graph, groups(plan, graph), TakenOver.NOTHING);
    }

    private static int[] groups(Plan plan, StageGraph graph) {
        int[] groups = new int[graph.size()];
        Arrays.fill(groups, -1);
        for (int i = 0; i < groups.length; i++) {
            if (plan.stages().get(i) instanceof Stage.Group group) {
                for (Stage.Member member : group.members()) {
                    groups[graph.number(member.stage())] = i;
                }
            }
        }
        return groups;
    }

    /** The number of the group that a stage is of, or -1. */
    int groupOf(int stage) {
        return groups[stage];
    }

    /** The same plan, for a run that takes these stages over. */
    public RunPlan taking(TakenOver stages) {
        return new RunPlan(plan, fingerprint, graph, groups, stages);
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
        return plan.stages().get(number);
    }

    /** How many stages there are. */
    public int size() {
        return plan.stages().size();
    }

    /** The script of a deployment: what must become true, one after the other. */
    static List<Script> script(Stage.Deploy stage) {
        return Script.of(stage.delivery().rollout());
    }
}
