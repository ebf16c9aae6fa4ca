// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.work;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.cloud.ArtifactFiles;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.cloud.contract.Awaiting;
import dev.cumulane.cloud.contract.WorkRunnerContract;
import dev.cumulane.internal.order.FunctionOrder;
import dev.cumulane.internal.order.OrderInput;
import dev.cumulane.internal.order.OrderKeys;
import dev.cumulane.internal.order.ResultFile;
import dev.cumulane.local.artifacts.DirectoryArtifactStore;
import dev.cumulane.local.process.Jvm;
import dev.cumulane.local.process.ProcessIdentity;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Commit;
import dev.cumulane.run.Produced;
import dev.cumulane.run.TrustLevel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Function stages are real child JVMs here. */
class JvmFunctionsTest extends WorkRunnerContract {
    private static final Commit COMMIT = Commit.commit("https://example.com/shop.git", "4f1c2ab0".repeat(5));

    @TempDir
    Path state;

    private final List<AttemptId> told = new CopyOnWriteArrayList<>();
    private final List<AttemptId> attempts = new ArrayList<>();
    private final List<JvmFunctions> opened = new ArrayList<>();

    @BeforeEach
    void open() {
        restart();
    }

    @AfterEach
    void endWhatIsLeft() throws Exception {
        for (AttemptId attempt : attempts) {
            runner().find(attempt).ifPresent(id -> runner().stop(attempt, id));
        }
        opened.forEach(JvmFunctions::close);
        for (AttemptId attempt : attempts) {
            Awaiting.until("nothing of " + attempt + " is left", () -> !anythingRuns(attempt));
        }
    }

    private DirectoryArtifactStore store() {
        return new DirectoryArtifactStore(state);
    }

    /** A jar with the stage's class, as a build would have made it. */
    private Digest code() {
        String name = NotingStage.class.getName().replace('.', '/') + ".class";
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes);
                InputStream in = NotingStage.class.getResourceAsStream("NotingStage.class")) {
            jar.putNextEntry(new JarEntry(name));
            in.transferTo(jar);
            jar.closeEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return store().put(bytes.toByteArray());
    }

    private WorkOrder order(AttemptId attempt, String mode) {
        return order(attempt, NotingStage.class.getName(), mode, List.of(), List.of(), new TreeMap<>());
    }

    private WorkOrder order(
            AttemptId attempt,
            String className,
            String mode,
            List<OrderInput> inputs,
            List<String> outputs,
            SortedMap<String, String> secrets) {
        attempts.add(attempt);
        SortedMap<String, String> variables =
                new TreeMap<>(Map.of("NOTES", file(attempt, "").toString(), "MODE", mode));
        FunctionOrder order = new FunctionOrder(attempt, className, COMMIT.id(), inputs, outputs, variables, 60);
        return new WorkOrder(
                attempt,
                store().put(order.bytes()),
                new WorkOrder.Function(className, Optional.of(code())),
                Duration.ofMinutes(1),
                secrets,
                TrustLevel.TRUSTED);
    }

    private Path file(AttemptId attempt, String name) {
        return WorkProcesses.directory(state.toAbsolutePath(), attempt).resolve(name);
    }

    @Override
    protected WorkRunner runner() {
        return opened.get(opened.size() - 1);
    }

    @Override
    protected void restart() {
        told.clear();
        int mine = opened.size();
        WorkPlace place = WorkPlace.at(state, attempt -> {
                    if (opened.size() == mine + 1) {
                        told.add(attempt);
                    }
                })
                .withGrace(Duration.ofMillis(300))
                .withSecrets(reference -> Optional.of("value of " + reference));
        opened.add(new JvmFunctions(place, store(), Jvm.ownClassPath()));
    }

    @Override
    protected WorkOrder brief(AttemptId attempt) {
        return order(attempt, "brief");
    }

    @Override
    protected WorkOrder endless(AttemptId attempt) {
        return order(attempt, "endless");
    }

    @Override
    protected void letEnd(AttemptId attempt) {
        try {
            Files.createFile(file(attempt, "let-end"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected WorkOrder refused(AttemptId attempt) {
        WorkOrder order = order(attempt, "brief");
        return new WorkOrder(
                attempt,
                order.order(),
                new WorkOrder.Function(
                        NotingStage.class.getName(), Optional.of(Digest.of("no such jar".getBytes(UTF_8)))),
                order.within(),
                order.secrets(),
                order.trust());
    }

    @Override
    protected int begun(AttemptId attempt) {
        return ProcessBuildsTest.lines(file(attempt, "begun-notes")).size();
    }

    @Override
    protected boolean anythingRuns(AttemptId attempt) {
        List<String> pids = new ArrayList<>(ProcessBuildsTest.lines(file(attempt, "begun-notes")));
        pids.addAll(ProcessBuildsTest.lines(file(attempt, "helpers")));
        return pids.stream()
                .anyMatch(pid -> ProcessIdentity.of(Long.parseLong(pid)).isPresent());
    }

    @Override
    protected Collection<AttemptId> told() {
        return told;
    }

    private ResultFile result(WorkOrder order) throws Exception {
        runner().start(order);
        Awaiting.until("the end is told", () -> told.contains(order.attempt()));
        byte[] bytes = store().read(OrderKeys.result(order.attempt()))
                .orElseThrow(() -> new AssertionError(
                        "no result; the log: " + ProcessBuildsTest.lines(file(order.attempt(), "log.txt"))));
        return ResultFile.parse(order.attempt(), bytes);
    }

    @Test
    void a_stage_reads_its_inputs_and_its_outputs_are_kept() throws Exception {
        Path built = Files.createDirectories(state.resolve("built/target"));
        Files.writeString(built.resolve("shop.jar"), "the jar");
        Produced jar = ArtifactFiles.pack(store(), "jar", state.resolve("built"), "target/shop.jar");
        OrderInput input = new OrderInput("build", "jar", "target/shop.jar", jar.digest(), jar.size());

        ResultFile result = result(order(
                ATTEMPT,
                NotingStage.class.getName(),
                "copy",
                List.of(input),
                List.of("copy"),
                new TreeMap<>(Map.of("TOKEN", "npm-token"))));

        assertThat(result.verdict().cause()).as(result.verdict().detail()).isEqualTo(Cause.COMPLETED);
        assertThat(result.verdict().detail()).isEqualTo("noted");
        Produced copy = result.verdict().artifacts().get(0);
        ArtifactFiles.unpack(store(), copy.digest(), state.resolve("copied"));
        assertThat(state.resolve("copied/copy")).hasContent("the jar");
        assertThat(ProcessBuildsTest.lines(file(ATTEMPT, "log.txt")))
                .contains("copies for " + COMMIT.id() + " with ***", "== COMPLETED: noted");
    }

    @Test
    void a_stage_that_says_no_and_one_that_throws_have_failed_with_their_reason() throws Exception {
        AttemptId second = new AttemptId(ATTEMPT.run(), ATTEMPT.stage(), 2);

        ResultFile no = result(order(ATTEMPT, "fail"));
        ResultFile threw = result(order(second, "throw"));

        assertThat(no.verdict().cause()).isEqualTo(Cause.FUNCTION_FAILED);
        assertThat(no.verdict().detail()).isEqualTo("the jar has no main class");
        assertThat(threw.verdict().cause()).isEqualTo(Cause.FUNCTION_FAILED);
        assertThat(threw.verdict().detail()).isEqualTo("java.lang.IllegalStateException: no answer");
        assertThat(ProcessBuildsTest.lines(file(second, "log.txt")))
                .anyMatch(line -> line.contains("at " + NotingStage.class.getName() + ".run"));
    }

    @Test
    void a_missing_output_a_missing_class_and_a_class_that_is_no_stage_are_named() throws Exception {
        AttemptId second = new AttemptId(ATTEMPT.run(), ATTEMPT.stage(), 2);
        AttemptId third = new AttemptId(ATTEMPT.run(), ATTEMPT.stage(), 3);

        ResultFile missing = result(
                order(ATTEMPT, NotingStage.class.getName(), "brief", List.of(), List.of("report"), new TreeMap<>()));
        ResultFile absent = result(order(second, "com.example.Absent", "brief", List.of(), List.of(), new TreeMap<>()));
        ResultFile odd = result(order(third, "java.lang.String", "brief", List.of(), List.of(), new TreeMap<>()));

        assertThat(missing.verdict().cause()).isEqualTo(Cause.OUTPUT_MISSING);
        assertThat(missing.verdict().detail()).contains("report");
        assertThat(absent.verdict().cause()).isEqualTo(Cause.FUNCTION_FAILED);
        assertThat(absent.verdict().detail()).contains("com.example.Absent");
        assertThat(odd.verdict().detail()).contains("java.lang.String", "FunctionStage");
    }

    @Test
    void an_input_whose_bytes_were_changed_is_refused_before_the_stage_runs() throws Exception {
        Path built = Files.createDirectories(state.resolve("built"));
        Files.writeString(built.resolve("shop.jar"), "the jar");
        Produced jar = ArtifactFiles.pack(store(), "jar", built, "shop.jar");
        Path object = state.resolve("objects")
                .resolve(jar.digest().hex().substring(0, 2))
                .resolve(jar.digest().hex());
        Files.write(object, new byte[] {1, 2, 3});
        OrderInput input = new OrderInput("build", "jar", "shop.jar", jar.digest(), jar.size());

        ResultFile result = result(
                order(ATTEMPT, NotingStage.class.getName(), "copy", List.of(input), List.of("copy"), new TreeMap<>()));

        assertThat(result.verdict().cause()).isEqualTo(Cause.INPUT_CORRUPT);
        assertThat(begun(ATTEMPT)).isZero();
    }

    @Test
    void an_attempt_that_somebody_else_has_claimed_is_left_alone() throws Exception {
        WorkOrder order = order(ATTEMPT, "brief");
        store().create(OrderKeys.claim(ATTEMPT), "somebody else".getBytes(UTF_8));

        runner().start(order);
        Awaiting.until("the end is told", () -> told.contains(ATTEMPT));

        assertThat(begun(ATTEMPT)).isZero();
        assertThat(store().read(OrderKeys.result(ATTEMPT))).isEmpty();
    }

    @Test
    void a_jar_whose_bytes_were_changed_is_refused() throws Exception {
        WorkOrder order = order(ATTEMPT, "brief");
        String hex = code().hex();
        Files.write(state.resolve("objects").resolve(hex.substring(0, 2)).resolve(hex), new byte[] {1, 2, 3});

        assertThatThrownBy(() -> runner().start(order))
                .isInstanceOf(CloudException.class)
                .hasMessageContaining("damaged");
        assertThat(begun(ATTEMPT)).isZero();
    }
}
