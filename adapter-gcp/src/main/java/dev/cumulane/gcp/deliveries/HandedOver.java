// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.deliveries;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.RunId;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What releases and rollouts of ours are called, and the note on each of them that says which step it carries out. */
final class HandedOver {
    private static final String NOTE = "cumulane-step";
    private static final Pattern RELEASE = Pattern.compile("cumulane-[0-9]{1,19}-[0-9a-f]{32}");
    private static final Pattern STEP =
            Pattern.compile("(\\S{1,100}) ([0-9]{1,18}) ([0-9]{1,6}) (\\S{1,200}) (\\S{1,100})");
    private static final int RELEASE_DIGITS = 32;
    private static final int ROLLOUT_DIGITS = 12;

    private HandedOver() {}

    /** The release of a deployment: the same whenever its step is begun again. */
    static String release(DeploymentStep step, Digest archive) {
        return "cumulane-" + step.fence() + "-" + digits(step.environment() + "\n" + archive.hex(), RELEASE_DIGITS);
    }

    /** Whether a release is called as ours are. */
    static boolean isRelease(String id) {
        return RELEASE.matcher(id).matches();
    }

    /** The rollout of a step, in whatever release. */
    static String rollout(DeploymentStep step) {
        return "cumulane-" + step.fence() + "-" + step.index() + "-" + digits(step.environment(), ROLLOUT_DIGITS);
    }

    /** The note of a step. */
    static Map<String, String> note(DeploymentStep step) {
        String text = String.join(
                " ",
                step.environment(),
                Long.toString(step.fence()),
                Integer.toString(step.index()),
                step.run().value(),
                step.stage());
        return Map.of(NOTE, text);
    }

    /** The step that a note names, as far as its report needs it; empty if it is not one of ours. */
    static Optional<DeploymentStep> step(Map<String, String> annotations) {
        Matcher note = STEP.matcher(annotations.getOrDefault(NOTE, ""));
        if (!note.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new DeploymentStep(
                    new RunId(note.group(4)),
                    note.group(5),
                    Integer.parseInt(note.group(3)),
                    note.group(1),
                    Long.parseLong(note.group(2)),
                    Optional.empty(),
                    new DeploymentStep.Completed()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String digits(String text, int count) {
        return Digest.of(text.getBytes(UTF_8)).hex().substring(0, count);
    }
}
