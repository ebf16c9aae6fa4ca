// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import static dev.cumulane.pipeline.Work.container;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.ArtifactFiles;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.Redactor;
import dev.cumulane.cloud.Secrets;
import dev.cumulane.internal.order.OrderKeys;
import dev.cumulane.internal.order.ResultFile;
import dev.cumulane.pipeline.Output;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.pipeline.Value;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Produced;
import dev.cumulane.run.RunId;
import dev.cumulane.run.Verdict;
import dev.cumulane.testing.SimulatedCloud;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a build that was given secrets left is recorded without them, where the cloud lets the engine know them. */
class ResultSecretsTest {
    private static final String CANARY = "canary<7f3a>";
    private static final AttemptId UNIT = new AttemptId(new RunId("shop-0k3v9q2m7xw4b1ce"), "unit", 1);
    private static final Pipeline SHOP = Pipeline.define(
            "shop",
            p -> p.test(
                    "unit",
                    container("alpine:3.22")
                            .env("KEY", Value.secret("test-key"))
                            .runs("make test")
                            .reports("reports/*.xml")
                            .outputs(Output.text("note"))));

    @TempDir
    Path home;

    private final ArtifactStore store = SimulatedCloud.of(SHOP).artifacts();
    private final Stage unit = SHOP.plan().stages().get(0);
    private final Results results = new Results(store, new Secrets() {
        @Override
        public boolean exists(String reference) {
            return true;
        }

        @Override
        public Optional<byte[]> read(String reference) {
            throw new AssertionError("the engine reads no secret of a stage");
        }

        @Override
        public Redactor redactor(Collection<String> references) {
            assertThat(references).containsExactly("test-key");
            return Redactor.of(Map.of("test-key", CANARY));
        }
    });

    @Test
    void the_message_of_a_failed_test_is_masked_before_it_is_cut() throws IOException {
        Files.createDirectories(home.resolve("reports"));
        Files.writeString(
                home.resolve("reports/a.xml"),
                "<testsuite><testcase classname='Login' name='with canary&lt;7f3a>'><failure message='"
                        + "x".repeat(292) + "canary&lt;7f3a> is wrong'/></testcase></testsuite>");
        Produced reports = ArtifactFiles.pack(store, "reports", home, "reports");
        left(
                Verdict.of(Cause.COMMAND_FAILED, "exit code 1 from " + CANARY),
                Optional.of(new ResultFile.Reports(reports.digest(), reports.size())),
                List.of());

        Verdict verdict = results.read(UNIT, unit).orElseThrow();

        assertThat(verdict.tests().orElseThrow().failures()).singleElement().satisfies(failure -> {
            assertThat(failure.test()).isEqualTo("Login.with ***");
            assertThat(failure.message()).contains("xxx***").doesNotContain("canary");
        });
        assertThat(verdict.toString()).doesNotContain("canary");
    }

    @Test
    void a_value_that_holds_a_secret_is_refused() {
        left(
                Verdict.success(),
                Optional.empty(),
                List.of(ResultFile.Handed.inline("note", ("see " + CANARY).getBytes(UTF_8))));

        Verdict verdict = results.read(UNIT, unit).orElseThrow();

        assertThat(verdict.cause()).isEqualTo(Cause.OUTPUT_REFUSED);
        assertThat(verdict.detail()).contains("[note]").doesNotContain("canary");
        assertThat(verdict.values()).isEmpty();
    }

    private void left(Verdict verdict, Optional<ResultFile.Reports> reports, List<ResultFile.Handed> values) {
        ResultFile result = new ResultFile(
                UNIT, "simulated." + "0".repeat(32), verdict, Optional.empty(), reports, Optional.empty(), values);
        store.create(OrderKeys.result(UNIT), result.bytes());
    }
}
