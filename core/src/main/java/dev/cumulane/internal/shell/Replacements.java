// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import com.google.common.io.ByteStreams;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.internal.machine.RunProgress;
import dev.cumulane.internal.machine.StageSlot;
import dev.cumulane.internal.machine.TakenOver;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.Produced;
import dev.cumulane.run.Variation;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Artifacts in the place of others, for a fork. */
final class Replacements {
    private final ArtifactStore store;

    Replacements(ArtifactStore store) {
        this.store = store;
    }

    /**
     * What a fork takes over, with other artifacts in it.
     *
     * @throws IllegalArgumentException if one is not there, would be written again, or was known to a stage that is taken over
     */
    TakenOver apply(RunProgress run, String from, TakenOver taken, List<Variation.Replacement> wanted) {
        TakenOver changed = taken;
        for (Variation.Replacement one : wanted) {
            check(run, from, taken, one);
            changed = changed.replacing(one.stage(), new Produced(one.artifact(), one.with(), size(one.with())));
        }
        return changed;
    }

    private static void check(RunProgress run, String from, TakenOver taken, Variation.Replacement one) {
        List<String> written = run.slot(one.stage()).flatMap(StageSlot::verdict).stream()
                .flatMap(verdict -> verdict.artifacts().stream())
                .map(Produced::name)
                .toList();
        if (!written.contains(one.artifact())) {
            throw new IllegalArgumentException(
                    "stage '" + shown(one.stage()) + "' of run " + run.run() + " has no artifact '"
                            + shown(one.artifact()) + "'; it has: "
                            + (written.isEmpty() ? "none" : String.join(", ", new TreeSet<>(written))));
        }
        String what = "artifact '" + one.artifact() + "' of stage '" + one.stage()
                + "' cannot be replaced by a fork from '" + from + "': ";
        if (!taken.stages().containsKey(one.stage())) {
            throw new IllegalArgumentException(what + "'" + one.stage() + "' runs again and writes it anew");
        }
        List<String> knowing = taken.knowing(run.plan(), one.stage(), one.artifact());
        if (!knowing.isEmpty()) {
            throw new IllegalArgumentException(what + String.join(", ", knowing) + " of run " + run.run()
                    + " would be taken over, and knew the former one");
        }
    }

    private static String shown(String name) {
        return name.replaceAll("\\p{Cntrl}", "?");
    }

    /** The size of an object whose bytes are those that its digest names. */
    private long size(Digest digest) {
        Optional<InputStream> opened = store.open(digest);
        if (opened.isEmpty()) {
            throw new IllegalArgumentException("there is no artifact " + digest + " in the store");
        }
        MessageDigest sha256 = Digest.sha256();
        try (InputStream in = new DigestInputStream(opened.get(), sha256)) {
            long size = ByteStreams.exhaust(in);
            if (!Digest.of(sha256).equals(digest)) {
                throw new IllegalArgumentException("artifact " + digest + " in the store is damaged");
            }
            return size;
        } catch (IOException e) {
            throw CloudException.retryable("artifact store", "could not read object " + digest, e);
        }
    }
}
