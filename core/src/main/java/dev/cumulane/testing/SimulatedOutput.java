// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import com.google.common.xml.XmlEscapers;
import dev.cumulane.internal.order.Archives;
import dev.cumulane.internal.order.ResultFile;
import dev.cumulane.internal.order.ValueText;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Produced;
import dev.cumulane.run.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a simulated worker leaves in the store: small archives whose bytes follow from the run, the stage and the artifact's name alone. */
final class SimulatedOutput {
    private final SimulatedArtifacts artifacts;
    private final AttemptId attempt;
    private final String token;

    SimulatedOutput(SimulatedArtifacts artifacts, AttemptId attempt, String token) {
        this.artifacts = artifacts;
        this.attempt = attempt;
        this.token = token;
    }

    byte[] result(Declared declared, ScriptedWork.Behaviour behaviour, boolean function) {
        List<ScriptedWork.FailedTest> failed =
                behaviour.ending() instanceof ScriptedWork.Fails fails ? fails.tests() : List.of();
        Optional<ResultFile.Reports> reports =
                declared.reports() ? Optional.of(reports(behaviour.tests(), failed)) : Optional.empty();
        if (behaviour.ending() instanceof ScriptedWork.Fails fails) {
            Cause cause = function ? Cause.FUNCTION_FAILED : Cause.COMMAND_FAILED;
            int steps = declared.commands().size();
            String detail = fails.detail()
                    .orElse(
                            function
                                    ? "the function stage failed"
                                    : "step " + steps + " of " + steps + " ended with exit code 1");
            Optional<ResultFile.FailedStep> step =
                    function ? Optional.empty() : Optional.of(new ResultFile.FailedStep(steps, 1));
            return bytes(Verdict.of(cause, detail), step, reports, List.of());
        }
        List<Produced> written = new ArrayList<>();
        for (String artifact : declared.artifacts()) {
            byte[] bytes =
                    archive(artifact, artifact + " of stage " + attempt.stage() + " of run " + attempt.run() + "\n");
            written.add(new Produced(artifact, artifacts.putNow(bytes), bytes.length));
        }
        List<ResultFile.Handed> handed = new ArrayList<>();
        behaviour.outputs().forEach((name, text) -> handed.add(handed(name, ValueText.utf8(text))));
        return bytes(Verdict.success(written.toArray(Produced[]::new)), Optional.empty(), reports, handed);
    }

    private ResultFile.Handed handed(String name, byte[] bytes) {
        return bytes.length <= ResultFile.Handed.MOST_INLINE
                ? ResultFile.Handed.inline(name, bytes)
                : ResultFile.Handed.stored(name, artifacts.putNow(bytes));
    }

    private byte[] bytes(
            Verdict verdict,
            Optional<ResultFile.FailedStep> step,
            Optional<ResultFile.Reports> reports,
            List<ResultFile.Handed> handed) {
        return new ResultFile(attempt, token, verdict, step, reports, Optional.empty(), handed).bytes();
    }

    private ResultFile.Reports reports(int total, List<ScriptedWork.FailedTest> failed) {
        StringBuilder xml = new StringBuilder("<testsuite name=\"simulated\">\n");
        for (ScriptedWork.FailedTest test : failed) {
            xml.append(testcase(test.test()))
                    .append("><failure message=\"")
                    .append(escaped(test.message()))
                    .append("\"/></testcase>\n");
        }
        for (int n = failed.size(); n < total; n++) {
            xml.append(testcase("simulated.Passing.test" + (n + 1))).append("/>\n");
        }
        byte[] bytes =
                archive("TEST-simulated.xml", xml.append("</testsuite>\n").toString());
        Digest digest = artifacts.putNow(bytes);
        return new ResultFile.Reports(digest, bytes.length);
    }

    private static String testcase(String test) {
        int dot = test.lastIndexOf('.');
        return "<testcase classname=\"" + escaped(dot < 0 ? "" : test.substring(0, dot)) + "\" name=\""
                + escaped(test.substring(dot + 1)) + "\"";
    }

    private static String escaped(String text) {
        return XmlEscapers.xmlAttributeEscaper().escape(text.replaceAll("[^\\P{Cntrl}\\n\\t]", "?"));
    }

    private static byte[] archive(String file, String content) {
        return Archives.of(file, content.getBytes(StandardCharsets.UTF_8));
    }
}
