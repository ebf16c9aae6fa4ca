// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import static dev.cumulane.pipeline.Work.container;

import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.PipelineDefinition;
import dev.cumulane.pipeline.Work;
import dev.cumulane.pipeline.WorkHandle;
import java.util.ArrayList;
import java.util.List;

/** How a plan of any size hangs together. */
enum PlanForm {
    /** One stage, then all the others but one side by side, then one that comes after all of them. */
    WIDE {
        @Override
        void define(PipelineDefinition p, int stages) {
            WorkHandle first = p.build("first", work("first"));
            List<WorkHandle> middle = new ArrayList<>();
            for (int i = 1; i < stages - 1; i++) {
                middle.add(p.build("middle-" + i, work("middle").reads(first.artifact("jar"))));
            }
            p.build("last", work("last")).after(middle.toArray(WorkHandle[]::new));
        }
    },

    /** One after the other. */
    CHAIN {
        @Override
        void define(PipelineDefinition p, int stages) {
            WorkHandle before = p.build("link-0", work("link-0"));
            for (int i = 1; i < stages; i++) {
                before = p.build("link-" + i, work("link-" + i).reads(before.artifact("jar")));
            }
        }
    },

    /** Some hundred layers, each stage after three of the layer before. */
    LAYERS {
        @Override
        void define(PipelineDefinition p, int stages) {
            int width = Math.max(3, stages / 100);
            List<WorkHandle> all = new ArrayList<>();
            for (int i = 0; i < stages; i++) {
                int layer = i / width;
                String name = "layer-" + layer + "-" + i % width;
                Work work = work(name);
                if (layer > 0) {
                    for (int step : new int[] {0, 1, width / 2 + 1}) {
                        int column = (i + step) % width;
                        work = work.reads(all.get((layer - 1) * width + column).artifact("jar"));
                    }
                }
                all.add(p.build(name, work));
            }
        }
    };

    Pipeline of(int stages) {
        return Pipeline.define("growth", p -> define(p, stages));
    }

    abstract void define(PipelineDefinition p, int stages);

    private static Work work(String jar) {
        return container("maven:3.9-eclipse-temurin-21").runs("mvn -B package").writes("jar", "target/" + jar + ".jar");
    }
}
