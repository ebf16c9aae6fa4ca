// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The mistakes with stages that run for each item of a list that only the whole of a pipeline shows. */
final class FanOuts {
    private FanOuts() {}

    static void check(List<Stage> stages, SortedMap<String, Input> returns) {
        SortedMap<String, Stage.FanOut> fanOuts = new TreeMap<>();
        int most = stages.size();
        for (Stage stage : stages) {
            if (stage instanceof Stage.FanOut fanOut) {
                fanOuts.put(fanOut.name(), fanOut);
                most += fanOut.atMost();
            }
        }
        if (most > PipelineDefinition.MOST_STAGES) {
            throw new IllegalArgumentException("a pipeline has at most " + PipelineDefinition.MOST_STAGES
                    + " stages; with the cells of " + String.join(", ", fanOuts.keySet()) + " it could have " + most
                    + ": give them an atMost(...)");
        }
        for (Stage stage : stages) {
            names(stage, fanOuts.values());
            for (Input input : stage.needs().reads()) {
                reads("stage '" + stage.name() + "' reads", input, fanOuts);
            }
        }
        for (Map.Entry<String, Input> returned : returns.entrySet()) {
            reads("'" + returned.getKey() + "', which the pipeline returns, is", returned.getValue(), fanOuts);
        }
    }

    private static void names(Stage stage, Collection<Stage.FanOut> fanOuts) {
        for (Stage.FanOut fanOut : fanOuts) {
            if (fanOut.couldName(stage.name())) {
                throw new IllegalArgumentException("stage name '" + stage.name() + "' is one that a cell of '"
                        + fanOut.name() + "' may have: '" + fanOut.name() + "-1' to '" + fanOut.name() + "-"
                        + fanOut.atMost() + "'");
            }
        }
    }

    /** Nobody knows how many cells there will be, so nobody reads from one of them. */
    private static void reads(String who, Input input, SortedMap<String, Stage.FanOut> fanOuts) {
        if (input instanceof Artifact artifact && fanOuts.containsKey(artifact.stage())) {
            throw new IllegalArgumentException(who + " artifact '" + artifact.name() + "' of one cell of '"
                    + artifact.stage() + "'; those of all are artifacts(\"" + artifact.name() + "\")");
        }
        if (input instanceof Input.Handed handed && fanOuts.containsKey(handed.stage())) {
            throw new IllegalArgumentException(who + " value '" + handed.name() + "' of one cell of '" + handed.stage()
                    + "'; those of all are values(\"" + handed.name() + "\")");
        }
    }
}
