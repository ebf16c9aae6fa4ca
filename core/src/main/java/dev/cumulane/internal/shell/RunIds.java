// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import com.google.common.io.BaseEncoding;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.RunId;
import dev.cumulane.run.SourceEvent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SortedMap;

/** Names of runs: derived from what a run is for, so that whoever tells of it, and however often, means the same run. */
final class RunIds {
    private static final int BYTES = 10;

    private RunIds() {}

    /**
     * The name of a run.
     *
     * @param special what a person said that is not the default: another question, and so another run
     */
    static RunId of(String pipeline, SourceEvent source, SortedMap<String, String> special) {
        StringBuilder what = new StringBuilder(String.join(
                "\n",
                pipeline,
                source.commit().repository(),
                source.commit().ref(),
                occasion(source),
                source.getClass().getSimpleName()));
        special.forEach(
                (name, value) -> what.append('\n').append(name).append('=').append(value));
        byte[] digest = BaseEncoding.base16()
                .lowerCase()
                .decode(Digest.of(what.toString().getBytes(StandardCharsets.UTF_8))
                        .hex());
        return new RunId(pipeline + "-" + BaseEncoding.base32Hex().lowerCase().encode(Arrays.copyOf(digest, BYTES)));
    }

    /** What makes another run: another commit, but for a schedule, whose branch may have moved on until the run is begun, another time. */
    private static String occasion(SourceEvent source) {
        String commit = source.commit().id();
        if (source instanceof SourceEvent.Scheduled scheduled) {
            return scheduled.at().toString();
        }
        if (source instanceof SourceEvent.Followed followed) {
            return commit + " " + followed.run();
        }
        return source instanceof SourceEvent.Commanded commanded ? commit + " " + commanded.command() : commit;
    }

    /** The run of another pipeline that an attempt of a stage runs. */
    static RunId child(String pipeline, AttemptId parent) {
        byte[] digest = BaseEncoding.base16()
                .lowerCase()
                .decode(Digest.of(parent.key().getBytes(StandardCharsets.UTF_8)).hex());
        return new RunId(pipeline + "-" + BaseEncoding.base32Hex().lowerCase().encode(Arrays.copyOf(digest, BYTES)));
    }

    /** Which repetition a run is; 1 for the first of its kind, which is none. */
    static int ordinal(RunId run) {
        int dot = run.value().indexOf('.');
        return dot < 0 ? 1 : Integer.parseInt(run.value().substring(dot + 1));
    }

    static RunId repetition(RunId run, int ordinal) {
        String value = run.value();
        int dot = value.indexOf('.');
        return new RunId((dot < 0 ? value : value.substring(0, dot)) + "." + ordinal);
    }
}
