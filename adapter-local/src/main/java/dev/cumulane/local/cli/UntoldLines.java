// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.local.cli.Style.Ink;
import dev.cumulane.run.RunView;
import java.util.ArrayList;
import java.util.List;

/** Who wants to know how a run is and could not be told: nobody else says so. */
final class UntoldLines {
    private UntoldLines() {}

    static List<Line> of(RunView run) {
        List<Line> lines = new ArrayList<>();
        for (RunView.Untold untold : run.untold()) {
            String more = untold.again()
                    .map(again -> "; tried " + untold.tries() + (untold.tries() == 1 ? " time" : " times")
                            + ", again at " + again)
                    .orElse("; given up");
            lines.add(Line.of(Ink.YELLOW, "not told ").and(Text.clean(untold.follower() + ": " + untold.why() + more)));
        }
        return lines;
    }
}
