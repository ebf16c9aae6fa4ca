// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local;

import static dev.cumulane.pipeline.Value.secret;
import static dev.cumulane.pipeline.Work.container;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.contract.Awaiting;
import dev.cumulane.engine.Engine;
import dev.cumulane.engine.Standards;
import dev.cumulane.pipeline.FunctionStage;
import dev.cumulane.pipeline.Output;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.StageContext;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Commit;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import dev.cumulane.source.Repositories;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A secret that work shouts in every way it can is in nothing that a run leaves on this machine: journal, logs, results, events, provenance, the archive of its
 * test reports.
 */
class CanaryTest {
    /** Put together here, so that this class, which the code archive of function stages holds, does not. */
    private static final String CANARY = String.join("/", "canary", "7f3a-\"quoted\"&amp;co");

    @TempDir
    Path home;

    /** Shouts from a function. */
    public static final class Shouts implements FunctionStage {
        /** For the worker. */
        public Shouts() {}

        @Override
        public Result run(StageContext context) {
            context.log("by log: " + context.env("KEY"));
            System.out.println("by standard output: " + context.env("KEY"));
            return Result.failure("in the detail: " + context.env("KEY"));
        }
    }

    private static final Pipeline SHOP = Pipeline.define("shop", p -> {
        p.build(
                "build",
                container("alpine:3.22")
                        .env("KEY", secret("canary"))
                        .runs(
                                "set -x; echo \"plain $KEY\"; printf %s \"$KEY\" | base64; printf %s \"$KEY\" | od -An -tx1 | tr -d ' \\n'; echo")
                        .runs("echo \"{\\\"password\\\":\\\"$(printf %s \"$KEY\" | sed 's/\"/\\\\\"/g')\\\"}\" >&2")
                        .runs("echo made >shop.jar")
                        .writes("jar", "shop.jar"));
        p.test(
                        "unit",
                        container("alpine:3.22")
                                .env("KEY", secret("canary"))
                                .runs(
                                        "mkdir reports; printf '<testsuite><testcase name=\"t\"><failure><![CDATA[got %s]]></failure></testcase></testsuite>' \"$KEY\" >reports/a.xml")
                                .reports("reports/*.xml"))
                .always();
        p.build(
                        "tell",
                        container("alpine:3.22")
                                .env("KEY", secret("canary"))
                                .runs("printf %s \"$KEY\" >\"$CUMULANE_VALUES/note\"")
                                .outputs(Output.text("note")))
                .always();
        p.function("shout", Shouts.class).env("KEY", secret("canary")).always();
    });

    @Test
    void a_secret_is_in_nothing_that_a_run_leaves() throws Exception {
        Path repository = Repositories.create(home.resolve("repository"));
        Path state = home.resolve("state");
        store(state, "canary", CANARY);
        store(state, "release-key", pem());
        RunView run = ran(state, repository);

        assertThat(run.stage("build").progress().verdict().orElseThrow().cause())
                .isEqualTo(Cause.COMPLETED);
        assertThat(run.stage("unit").progress().verdict().orElseThrow().cause()).isEqualTo(Cause.TESTS_FAILED);
        assertThat(run.stage("tell").progress().verdict().orElseThrow().cause()).isEqualTo(Cause.OUTPUT_REFUSED);
        assertThat(run.stage("shout").progress().verdict().orElseThrow().detail())
                .isEqualTo("in the detail: ***");
        assertThat(run.toString()).doesNotContain(CANARY);
        assertThat(log(state, run.id(), "build")).contains("plain ***");
        assertThat(log(state, run.id(), "shout")).contains("by log: ***", "by standard output: ***");
        assertThat(Files.readString(state.resolve("events.jsonl"))).contains("taskrun.finished", "artifact.published");
        for (Path file : left(state)) {
            String content = content(file);
            // Not by doesNotContain, whose message would be the whole file.
            assertThat(forms().stream().filter(content::contains))
                    .as(state.relativize(file).toString())
                    .isEmpty();
        }
        assertThat(left(state).stream().map(CanaryTest::content))
                .anyMatch(content -> content.contains("<testcase name=\"t\"><failure><![CDATA[got ***"));
    }

    /** What a file holds, of an archive what is in it. */
    private static String content(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readAllBytes();
            boolean isPacked = bytes.length > 1 && bytes[0] == 0x1f && bytes[1] == (byte) 0x8b;
            try (InputStream plain = new ByteArrayInputStream(bytes)) {
                return new String(isPacked ? new GZIPInputStream(plain).readAllBytes() : bytes, ISO_8859_1);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RunView ran(Path state, Path repository) throws Exception {
        try (LocalCloud cloud = LocalCloud.at(state).noticesTo(notice -> {});
                Engine engine = Engine.on(cloud)
                        .register(SHOP)
                        .telling(Standards.from(URI.create("https://ci.example.com"))
                                .events()
                                .provenanceSignedWith("release-key"))
                        .open()) {
            Commit commit = new Commit(
                    repository.toString(), "refs/heads/main", Repositories.git(repository, "rev-parse", "HEAD"));
            RunId run = engine.start("shop", commit, "ada");
            RunView ended = engine.await(run, Duration.ofMinutes(2));
            assertThat(ended.outcome()).isPresent();
            Awaiting.until(
                    "the end is told",
                    () -> Files.exists(state.resolve("events.jsonl"))
                            && read(state.resolve("events.jsonl")).contains("pipelinerun.finished"));
            return ended;
        }
    }

    /** All files but the secrets themselves and the places where the work itself lived. */
    private static List<Path> left(Path state) throws IOException {
        try (Stream<Path> files = Files.walk(state)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(state.resolve("secrets")))
                    .filter(file -> !state.relativize(file).toString().matches("work/[^/]*/[^/]*/[^/]*/workspace/.*"))
                    .toList();
        }
    }

    private static List<String> forms() {
        byte[] bytes = CANARY.getBytes(UTF_8);
        return List.of(
                CANARY,
                CANARY.substring(0, 11),
                Base64.getEncoder().withoutPadding().encodeToString(bytes),
                HexFormat.of().formatHex(bytes),
                CANARY.replace("\"", "\\\""),
                CANARY.replace("/", "%2F"));
    }

    private static String log(Path state, RunId run, String stage) {
        return read(state.resolve("work/" + run + "/" + stage + "/1/log.txt"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void store(Path state, String reference, String value) throws IOException {
        Path file = Files.createDirectories(state.resolve("secrets")).resolve(reference);
        Files.writeString(file, value);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private static String pem() throws Exception {
        byte[] key = KeyPairGenerator.getInstance("Ed25519")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        return "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(key)
                + "\n-----END PRIVATE KEY-----\n";
    }
}
